"""POST /api/tasks/{id}/complete: done, with a result."""
from support.keyed import assert_keyed
from support.tasks import assert_needs, assert_of_its_user, claim, claimed, \
    create, on_task, read


def test_the_way_of_a_task(api, user, kind):
    task = create(api, user, kind=kind, input=["any", "value"])
    claimed = claim(api, "other.kind", kind)
    assert claimed["id"] == task["id"]
    assert claimed["user_id"] == user
    assert (claimed["status"], claimed["attempts"]) == ("running", 1)
    more = on_task(api, claimed, "extend", lease_seconds=600)
    assert more.json["task"]["lease_expires_at"] > claimed[
        "lease_expires_at"]
    done = on_task(api, claimed, "complete").json["task"]
    assert (done["status"], done["result"]) == ("succeeded", "done")
    assert "claim_token" not in done
    assert read(api, task) == done
    assert api.balance(user) == 95


def test_an_end_is_the_end(api, user, kind):
    task = claimed(api, user, kind)
    first = on_task(api, task, "complete")
    again = on_task(api, task, "complete")
    assert (again.status, again.json) == (200, first.json)
    for verb in "fail", "extend", "cancel":
        answer = on_task(api, task, verb)
        assert (answer.status, answer.code) == (409, "task_closed")
        assert answer.json["task"] == first.json["task"]


def test_of_its_user_only(api, user, kind):
    assert_of_its_user(api, user, kind, "complete")


def test_a_key(api, stack, user, kind):
    task = claimed(api, user, kind)
    assert_keyed(api, stack, user, lambda key: on_task(
        api, task, "complete", key=key), by_site=True)


def test_what_a_worker_must_say(api, user):
    assert_needs(api, user, "complete", "claim_token", "result")
