"""POST /api/tasks: paid work, priced and charged at once."""
import pytest

from support.keyed import assert_keyed
from support.tasks import claim, on_task


def test_a_user_buys_an_image(api, token):
    answer = api.write("tasks", token, kind="image",
                       input={"prompt": "a cat", "size": [1, 2]})
    assert answer.status == 201
    task, transaction = (answer.json[n] for n in ("task", "transaction"))
    assert (task["status"], task["cost"]) == ("queued", 10)
    assert task["input"] == {"prompt": "a cat", "size": [1, 2]}
    assert task["transaction_id"] == transaction["id"]
    assert transaction["kind"] == "consume"
    assert transaction["reference"] == {"type": "task", "id": task["id"]}
    assert answer.json["wallet"]["balance"] == 90
    assert api.get(f"/api/tasks/{task['id']}", token).json == task
    assert api.get("/api/tasks", token).json["data"] == [task]
    assert api.get("/api/users/me", token).json["stats"]["task_count"] == 1


def test_what_costs_nothing_writes_no_row(api, user, kind):
    answer = api.write("tasks", api.service, user_id=user, kind=kind, cost=0)
    assert answer.json["transaction"] is None
    assert answer.json["task"]["transaction_id"] is None
    claimed = claim(api, kind)
    assert on_task(api, claimed, "fail").json["task"][
        "refund_transaction_id"] is None


def test_a_key(api, stack, user, token):
    assert_keyed(api, stack, user, lambda key: api.write(
        "tasks", token, key, kind="image"), 201)


def test_an_unknown_user(api):
    answer = api.write("tasks", api.as_user("nobody-ta"), kind="image")
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_an_unknown_kind(api, token, kind):
    answer = api.write("tasks", token, kind=kind)
    assert (answer.status, answer.code) == (422, "unknown_task_kind")


def test_too_few_credits(api):
    user = api.new_user(9)
    answer = api.write("tasks", api.as_user(user), kind="image")
    assert (answer.status, answer.code) == (402, "insufficient_credits")
    assert answer.json["shortfall"] == 1
    assert api.get("/api/tasks", api.as_user(user)).json["data"] == []


def test_a_frozen_wallet(api, stack, user, token):
    stack.freeze(user)
    answer = api.write("tasks", token, kind="image")
    assert (answer.status, answer.code) == (403, "wallet_frozen")


def test_for_members_only(api, stack, token, kind):
    stack.rows("insert into florin.task_prices values (%s, 1, 'premium')",
               kind)
    answer = api.write("tasks", token, kind=kind)
    assert (answer.status, answer.code) == (403, "members_only")
    assert answer.json["plans"] == ["premium"]


@pytest.mark.parametrize("who", ["user", "admin"])
def test_only_a_service_says_the_cost(api, user, who):
    token = api.admin if who == "admin" else api.as_user(user)
    answer = api.write("tasks", token, user_id=user, kind="image", cost=1)
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert answer.json["errors"][0]["field"] == "cost"


CREATED = [({"kind": "A"}, "kind"), ({"kind": None}, "kind"),
           ({"cost": -1}, "cost"), ({"cost": 1.5}, "cost"),
           ({"priority": 1}, "priority")]


@pytest.mark.parametrize("body, field", CREATED)
def test_a_wrong_field_of_a_task(api, user, body, field):
    answer = api.write("tasks", api.service, **{
        "user_id": user, "kind": "image", **body})
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == field
