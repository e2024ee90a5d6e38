"""POST /api/tasks/{id}/cancel: by its user while it waits, by the site while
it runs."""
from support.keyed import assert_keyed
from support.storm import post_request, storm
from support.tasks import assert_of_its_user, claim, create, on_task


def test_a_user_cancels_while_queued(api, user, token, kind):
    task = create(api, user, kind=kind)
    answer = on_task(api, task, "cancel", token)
    assert answer.status == 200
    assert answer.json["status"] == "cancelled"
    assert api.balance(user) == 100
    again = on_task(api, task, "cancel", token)
    assert (again.status, again.code) == (409, "task_closed")
    assert claim(api, kind) is None


def test_a_user_does_not_cancel_what_runs(api, user, token, kind):
    create(api, user, kind=kind)
    claimed = claim(api, kind)
    answer = on_task(api, claimed, "cancel", token)
    assert (answer.status, answer.code) == (409, "task_closed")
    assert on_task(api, claimed, "cancel").json["status"] == "cancelled"
    answer = on_task(api, claimed, "complete")
    assert (answer.status, answer.code) == (409, "task_closed")
    assert api.balance(user) == 100


def test_cancel_and_claim_at_once(api, user, token, kind):
    for _ in range(8):
        task = create(api, user, kind=kind)
        cancelled, claimed = storm(api, [
            post_request(api, f"/api/tasks/{task['id']}/cancel", token, None),
            post_request(api, "/api/tasks/claim", api.service, None,
                         kinds=[kind], worker="w")])
        assert (cancelled.status == 200) == (claimed.json["task"] is None)
        if cancelled.status != 200:
            on_task(api, claimed.json["task"], "fail")
    assert api.balance(user) == 100


def test_of_its_user_only(api, user, kind):
    assert_of_its_user(api, user, kind, "cancel")


def test_a_key(api, stack, user, kind):
    task = create(api, user, kind=kind)
    assert_keyed(api, stack, user, lambda key: on_task(
        api, task, "cancel", key=key), by_site=True)
