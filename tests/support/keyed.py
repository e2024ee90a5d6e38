"""What each write with an Idempotency-Key keeps to."""
from support.api import new_key


def assert_keyed(api, stack, user, ask, status=200, by_site=False):
    """`ask(key)` sends a good request of this user or, by the site, for it.
    Its key replays, one of another request is refused, and so is one whose
    answer is gone."""
    key, other = new_key(), new_key()
    first = ask(key)
    again = ask(key)
    assert (again.status, again.body) == (status, first.body)
    assert again.header("idempotent-replayed") == "true"
    if by_site:
        api.consume(api.service, 1, other, user_id=user)
    else:
        api.consume(api.as_user(user), 1, other)
    answer = ask(other)
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    stack.rows("update florin.idempotency_keys set body = null"
               " where user_id = %s", user)
    answer = ask(key)
    assert (answer.status, answer.code) == (409, "already_done")
