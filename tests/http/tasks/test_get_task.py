"""GET /api/tasks/{id}."""
from support.tasks import claimed, create


def test_its_user_reads_it(api, user, token, kind):
    task = create(api, user, kind=kind)
    assert api.get(f"/api/tasks/{task['id']}", token).json == task


def test_a_running_one_shows_no_token(api, user, token, kind):
    task = claimed(api, user, kind)
    told = api.get(f"/api/tasks/{task['id']}", token).json
    assert told["status"] == "running"
    assert task["claim_token"] not in str(told)


def test_another_s_task_is_none(api, user, kind):
    task = create(api, user, kind=kind)
    answer = api.get(f"/api/tasks/{task['id']}", api.service,
                     user_id=api.new_user())
    assert (answer.status, answer.code) == (404, "not_found")


def test_an_unknown_user(api):
    answer = api.get("/api/tasks/" + "0" * 26, api.as_user("nobody-ta"))
    assert (answer.status, answer.code) == (404, "user_not_found")
