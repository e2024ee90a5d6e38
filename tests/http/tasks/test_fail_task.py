"""POST /api/tasks/{id}/fail: what was paid comes back."""
from support.keyed import assert_keyed
from support.tasks import assert_needs, assert_of_its_user, claim, claimed, \
    create, on_task


def test_what_fails_is_refunded(api, user, kind):
    create(api, user, kind=kind)
    claimed = claim(api, kind)
    failed = on_task(api, claimed, "fail").json["task"]
    assert (failed["status"], failed["error"]) == ("failed", "broken")
    refund = api.get("/api/credits/transactions/"
                     f"{failed['refund_transaction_id']}",
                     api.as_user(user)).json
    assert (refund["kind"], refund["amount"]) == ("refund", 5)
    assert refund["reference"] == {"type": "transaction",
                                   "id": str(failed["transaction_id"])}
    assert api.balance(user) == 100


def test_an_end_is_the_end(api, user, kind):
    task = claimed(api, user, kind)
    first = on_task(api, task, "fail")
    again = on_task(api, task, "fail")
    assert (again.status, again.json) == (200, first.json)
    for verb in "complete", "extend", "cancel":
        answer = on_task(api, task, verb)
        assert (answer.status, answer.code) == (409, "task_closed")
        assert answer.json["task"] == first.json["task"]


def test_of_its_user_only(api, user, kind):
    assert_of_its_user(api, user, kind, "fail")


def test_a_key(api, stack, user, kind):
    task = claimed(api, user, kind)
    assert_keyed(api, stack, user, lambda key: on_task(
        api, task, "fail", key=key), by_site=True)


def test_what_a_worker_must_say(api, user):
    assert_needs(api, user, "fail", "claim_token", "error")
