"""Tasks: paid work, claimed by workers, refunded where it fails."""
import uuid

import pytest

from support.api import new_key
from support.storm import post_request, statuses, storm


@pytest.fixture(name="kind")
def unused_kind():
    return f"test.{uuid.uuid4().hex}"


def create(api, user, cost=5, key=None, **body):
    """A task by the site."""
    answer = api.write("tasks", api.service, key, user_id=user, cost=cost,
                       **body)
    assert answer.status == 201, answer
    return answer.json["task"]


def claim(api, *kinds, **body):
    answer = api.post("/api/tasks/claim", api.service, {
        "kinds": kinds, "worker": "w", "lease_seconds": 60, **body})
    assert answer.status == 200, answer
    return answer.json["task"]


def on_task(api, task, verb, who=None, key=None, **body):
    """extend, complete, fail or cancel."""
    if verb != "cancel":
        body.setdefault("claim_token", task.get("claim_token", "none"))
    body.update({"complete": {"result": "done"}, "fail": {"error": "broken"}}
                .get(verb, {}))
    if who is None:
        body.setdefault("user_id", task["user_id"])
    return api.post(f"/api/tasks/{task['id']}/{verb}", who or api.service,
                    body, key)


def read(api, task):
    return api.get(f"/api/tasks/{task['id']}", api.service,
                   user_id=task["user_id"]).json


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


def test_nothing_to_claim(api, kind):
    assert claim(api, kind) is None


def test_what_costs_nothing_writes_no_row(api, user, kind):
    answer = api.write("tasks", api.service, user_id=user, kind=kind, cost=0)
    assert answer.json["transaction"] is None
    assert answer.json["task"]["transaction_id"] is None
    claimed = claim(api, kind)
    assert on_task(api, claimed, "fail").json["task"][
        "refund_transaction_id"] is None


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


@pytest.mark.parametrize("ending", ["complete", "fail"])
def test_an_end_is_the_end(api, user, kind, ending):
    create(api, user, kind=kind)
    claimed = claim(api, kind)
    first = on_task(api, claimed, ending)
    again = on_task(api, claimed, ending)
    assert (again.status, again.json) == (200, first.json)
    other = "fail" if ending == "complete" else "complete"
    for verb in other, "extend", "cancel":
        answer = on_task(api, claimed, verb)
        assert (answer.status, answer.code) == (409, "task_closed")
        assert answer.json["task"] == first.json["task"]


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


@pytest.mark.parametrize("verb", ["extend", "complete", "fail", "cancel"])
def test_another_users_task_is_none(api, user, kind, verb):
    create(api, user, kind=kind)
    claimed = dict(claim(api, kind), user_id=api.new_user())
    answer = on_task(api, claimed, verb)
    assert (answer.status, answer.code) == (404, "not_found")
    assert api.get(f"/api/tasks/{claimed['id']}", api.service,
                   user_id=claimed["user_id"]).code == "not_found"


@pytest.mark.parametrize("verb", ["extend", "complete", "fail", "cancel"])
def test_a_key_replays(api, stack, user, kind, verb):
    create(api, user, kind=kind)
    claimed, key = claim(api, kind), new_key()
    first = on_task(api, claimed, verb, key=key)
    again = on_task(api, claimed, verb, key=key)
    assert (again.status, again.body) == (200, first.body)
    assert again.header("idempotent-replayed") == "true"
    other = create(api, user, kind=kind)
    answer = on_task(api, other, verb, key=key)
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    stack.rows("update florin.idempotency_keys set body = null"
               " where user_id = %s", user)
    answer = on_task(api, claimed, verb, key=key)
    assert (answer.status, answer.code) == (409, "already_done")


@pytest.mark.parametrize("verb", ["extend", "complete", "fail", "cancel"])
def test_an_unknown_user(api, verb):
    task = {"id": "0" * 26, "user_id": "nobody-ta"}
    answer = on_task(api, task, verb)
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_an_unknown_user_has_no_tasks(api):
    nobody = api.as_user("nobody-ta")
    for answer in (api.write("tasks", nobody, kind="image"),
                   api.get("/api/tasks", nobody),
                   api.get("/api/tasks/" + "0" * 26, nobody)):
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


def test_pages_and_filters(api, user, token, kind):
    made = [create(api, user, kind=kind)["id"] for _ in range(3)]
    create(api, user, kind="image")
    page = api.get("/api/tasks", token, kind=kind, limit=2).json
    rest = api.get("/api/tasks", token, kind=kind,
                   cursor=page["next_cursor"]).json
    assert page["has_more"] and not rest["has_more"]
    assert sorted(t["id"] for t in page["data"] + rest["data"]) == sorted(
        made)
    claim(api, kind)
    only = api.get("/api/tasks", token, status="running").json["data"]
    assert len(only) == 1 and only[0]["status"] == "running"
    answer = api.get("/api/tasks", token, cursor="17")
    assert (answer.status, answer.code) == (400, "invalid_request")


CREATED = [({"kind": "A"}, "kind"), ({"kind": None}, "kind"),
           ({"cost": -1}, "cost"), ({"cost": 1.5}, "cost"),
           ({"priority": 1}, "priority")]


@pytest.mark.parametrize("body, field", CREATED)
def test_a_wrong_field_of_a_task(api, user, body, field):
    answer = api.write("tasks", api.service, **{
        "user_id": user, "kind": "image", **body})
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == field


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


@pytest.mark.parametrize("verb, field", [
    ("extend", "claim_token"), ("complete", "claim_token"),
    ("complete", "result"), ("fail", "claim_token"), ("fail", "error")])
def test_what_a_worker_must_say(api, user, verb, field):
    body = {"user_id": user, "claim_token": "t", "result": 1, "error": 1}
    body = {name: body[name] for name in body if name != field and (
        name in ("user_id", "claim_token")
        or name == {"complete": "result", "fail": "error"}.get(verb))}
    answer = api.post(f"/api/tasks/{'0' * 26}/{verb}", api.service, body)
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, "required")]
