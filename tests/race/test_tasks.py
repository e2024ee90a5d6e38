"""Many workers, and users who change their minds: a task ends once and is
given back once."""
import uuid

from support import tasks
from support.api import new_key
from support.storm import post_request, statuses, storm
from support.upstream import Upstream, answering

WORKERS = 30


def claim_request(api, kind):
    return post_request(api, "/api/tasks/claim", api.service, None,
                        kinds=[kind], worker="w", lease_seconds=60)


def end_request(api, task, verb, **body):
    return post_request(api, f"/api/tasks/{task['id']}/{verb}", api.service,
                        None, user_id=task["user_id"], **body)


def refunded(stack, task):
    return stack.value(
        "select coalesce(sum(amount), 0)::integer"
        " from florin.credit_transactions where user_id = %s"
        " and kind = 'refund'", task["user_id"])


def test_a_task_is_claimed_by_one_worker(api, kind):
    user = api.new_user(100)
    made = {tasks.create(api, user, kind=kind)["id"] for _ in range(10)}
    answers = storm(api, [claim_request(api, kind)] * WORKERS)
    assert statuses(answers) == {200: WORKERS}
    got = [a.json["task"]["id"] for a in answers if a.json["task"]]
    assert len(got) == len(set(got)) and set(got) <= made
    while task := tasks.claim(api, kind):  # what all were too busy to see
        got.append(task["id"])
    assert sorted(got) == sorted(made)


def test_cancelled_or_claimed(api, stack, kind):
    task = tasks.create(api, api.new_user(100), kind=kind)
    token = api.as_user(task["user_id"])
    cancel = post_request(api, f"/api/tasks/{task['id']}/cancel", token, None)
    answers = storm(api, [claim_request(api, kind), cancel] * 8)
    claims = [a.json["task"] for a in answers[::2] if a.json["task"]]
    cancels = statuses(answers[1::2])
    if claims:
        assert (len(claims), cancels) == (1, {409: 8})
        assert refunded(stack, task) == 0
    else:
        assert cancels == {200: 1, 409: 7}
        assert refunded(stack, task) == 5


def test_completed_or_failed(api, stack, kind):
    task = tasks.claimed(api, api.new_user(100), kind)
    token = {"claim_token": task["claim_token"]}
    answers = storm(api, [
        end_request(api, task, "complete", result="done", **token),
        end_request(api, task, "fail", error="broken", **token)] * 10)
    now = tasks.read(api, task)
    good, bad = (0, 1) if now["status"] == "succeeded" else (1, 0)
    assert statuses(answers[good::2]) == {200: 10}
    assert statuses(answers[bad::2]) == {409: 10}
    assert refunded(stack, task) == (0 if now["status"] == "succeeded" else 5)


def test_failed_and_refunded_by_hand(api, stack, kind):
    """Together never more than it cost."""
    task = tasks.claimed(api, api.new_user(100), kind)
    fail = end_request(api, task, "fail", error="broken",
                       claim_token=task["claim_token"])
    storm(api, [fail] * 5 + [
        post_request(api, "/api/credits/refund", api.service, new_key(),
                     user_id=task["user_id"], amount=2, reason="race",
                     transaction_id=task["transaction_id"])
        for _ in range(10)])
    assert refunded(stack, task) == 5
    assert tasks.read(api, task)["status"] == "failed"
    assert api.balance(task["user_id"]) == 100


def test_one_key_for_a_feature_is_charged_once(api, stack):
    name = f"test.{uuid.uuid4().hex}"
    upstream = Upstream(answering(b"hello"))
    stack.rows("insert into florin.features values (%s, %s, 3, %s, 10)",
               name, name, upstream.url())
    try:
        user = api.new_user(100)
        path, key = f"/api/features/{name}", new_key()
        request = post_request(api, path, api.as_user(user), key, text="a")
        answers = storm(api, [request] * 20)
        assert {a.code for a in answers if a.status != 200} <= {
            "in_progress"}
        assert statuses(answers)[200] >= 1
        assert len(upstream.seen) == 1
        assert api.balance(user) == 97
    finally:
        stack.rows("delete from florin.features where feature = %s", name)
        upstream.close()
