"""POST /api/tasks/claim: the oldest, for one worker, until its lease ends."""
import pytest

from support.storm import post_request, statuses, storm
from support.tasks import claim, create, on_task, read


def test_nothing_to_claim(api, kind):
    assert claim(api, kind) is None


def test_many_workers_get_each_task_once(api, user, kind):
    other = api.new_user(100)
    made = {create(api, who, kind=kind)["id"]
            for who in [user, other] * 5}
    body = {"kinds": [kind], "worker": "w", "lease_seconds": 60}
    answers = storm(api, [post_request(api, "/api/tasks/claim", api.service,
                                       None, **body) for _ in range(16)])
    assert statuses(answers) == {200: 16}
    got = [a.json["task"]["id"] for a in answers if a.json["task"]]
    assert len(got) == len(set(got))
    while (task := claim(api, kind)) is not None:
        got.append(task["id"])
    assert sorted(got) == sorted(made)


def test_a_lost_lease_is_lost(api, stack, user, kind):
    task = create(api, user, kind=kind)
    first = claim(api, kind)
    stack.dev("clock", "60 s")
    assert read(api, task)["status"] == "queued"
    second = claim(api, kind)
    assert second["id"] == task["id"] and second["attempts"] == 2
    for verb in "extend", "complete", "fail":
        answer = on_task(api, first, verb)
        assert (answer.status, answer.code) == (409, "lease_lost")
    assert on_task(api, second, "complete").status == 200


def test_three_lost_leases_fail_and_refund(api, stack, user, kind):
    task = create(api, user, kind=kind)
    for _ in range(3):
        last = claim(api, kind)
        stack.dev("clock", "61 s")
    assert api.balance(user) == 100
    over = read(api, task)
    assert (over["status"], over["attempts"]) == ("failed", 3)
    assert over["refund_transaction_id"] is not None
    assert claim(api, kind) is None
    assert on_task(api, last, "complete").code == "lease_lost"
    assert api.balance(user) == 100


CLAIMED = [({"kinds": []}, "kinds"), ({"kinds": ["A"]}, "kinds"),
           ({"kinds": "image"}, "kinds"), ({"kinds": None}, "kinds"),
           ({"worker": ""}, "worker"), ({"worker": None}, "worker"),
           ({"lease_seconds": 0}, "lease_seconds"),
           ({"lease_seconds": 86401}, "lease_seconds"),
           ({"user_id": "x"}, "user_id")]


@pytest.mark.parametrize("body, field", CLAIMED)
def test_a_wrong_field_of_a_claim(api, body, field):
    answer = api.post("/api/tasks/claim", api.service, {
        "kinds": ["image"], "worker": "w", **body})
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == field
