"""POST /api/tasks/{id}/extend: a lease for longer."""
from support.keyed import assert_keyed
from support.tasks import assert_needs, assert_of_its_user, claim, claimed, \
    create, on_task


def test_a_lease_for_longer(api, user, kind):
    task = claimed(api, user, kind)
    more = on_task(api, task, "extend", lease_seconds=600)
    assert more.json["task"]["lease_expires_at"] > task["lease_expires_at"]
    assert more.json["task"]["claim_token"] == task["claim_token"]


def test_a_lost_lease_is_not_extended(api, stack, user, kind):
    create(api, user, kind=kind)
    first = claim(api, kind)
    stack.dev("clock", "60 s")
    answer = on_task(api, first, "extend")
    assert (answer.status, answer.code) == (409, "lease_lost")


def test_of_its_user_only(api, user, kind):
    assert_of_its_user(api, user, kind, "extend")


def test_a_key(api, stack, user, kind):
    task = claimed(api, user, kind)
    assert_keyed(api, stack, user, lambda key: on_task(
        api, task, "extend", key=key), by_site=True)


def test_what_a_worker_must_say(api, user):
    assert_needs(api, user, "extend", "claim_token")
