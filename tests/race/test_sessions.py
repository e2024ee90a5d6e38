"""Sessions of one client, begun, spoken in and ended at once."""
from support.storm import post_request, statuses, storm

AT_ONCE = 20


def stats(api, token):
    return api.get("/api/users/me", token).json["stats"]


def test_begun_at_once_is_one(api):
    token = api.as_user(api.new_user())
    answers = storm(api, [post_request(
        api, "/api/sessions", token, None, client="web")] * AT_ONCE)
    assert statuses(answers) == {201: 1, 200: AT_ONCE - 1}
    assert len({a.json["session"]["id"] for a in answers}) == 1
    assert stats(api, token)["session_count"] == 1


def test_messages_are_counted_and_the_end_comes_once(api, stack):
    user = api.new_user()
    token = api.as_user(user)
    session = api.post("/api/sessions", token, {}).json["session"]
    path = f"/api/sessions/{session['id']}"
    answers = storm(api, [
        post_request(api, path + ("/end" if n % 4 == 3 else "/messages"),
                     token, None) for n in range(4 * AT_ONCE)])
    said = [a.status for n, a in enumerate(answers) if n % 4 != 3]
    ended = [a.status for n, a in enumerate(answers) if n % 4 == 3]
    assert sorted(ended) == [200] + [409] * (AT_ONCE - 1)
    assert set(said) <= {200, 409}
    counted = stats(api, token)
    assert counted["message_count"] == said.count(200)
    assert stack.value(
        "select sum(message_count)::integer from florin.session_records"
        " where user_id = %s", user) == said.count(200)
    assert api.get("/api/sessions/current", token).json == {"session": None}


def test_actions_at_once_are_all_counted(api):
    token = api.as_user(api.new_user())
    answers = storm(api, [post_request(
        api, "/api/actions", token, None, action_type="share")] * AT_ONCE)
    assert statuses(answers) == {201: AT_ONCE}
    assert len({a.json["action"]["id"] for a in answers}) == AT_ONCE
    assert stats(api, token)["action_count"] == AT_ONCE
