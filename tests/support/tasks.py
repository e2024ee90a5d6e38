"""Tasks, as the tests of several functions need them."""


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


def claimed(api, user, kind):
    """A task that a worker has."""
    create(api, user, kind=kind)
    return claim(api, kind)


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


def assert_of_its_user(api, user, kind, verb):
    """Another's task is none; an unknown user has none."""
    task = dict(claimed(api, user, kind), user_id=api.new_user())
    answer = on_task(api, task, verb)
    assert (answer.status, answer.code) == (404, "not_found")
    answer = on_task(api, dict(task, user_id="nobody-ta"), verb)
    assert (answer.status, answer.code) == (404, "user_not_found")


def assert_needs(api, user, verb, *names):
    """What a worker must say."""
    good = {"claim_token": "t", "result": 1, "error": 1}
    for name in names:
        body = {other: good[other] for other in names if other != name}
        answer = api.post(f"/api/tasks/{'0' * 26}/{verb}", api.service,
                          {"user_id": user, **body})
        assert answer.status == 400
        assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
            (name, "required")]
