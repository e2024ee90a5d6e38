"""Actions: what a user did; their types are data."""
import pytest

from support.api import new_key


def act(api, who, key=None, **body):
    return api.post("/api/actions", who, {"action_type": "share", **body},
                    key)


def test_an_action_is_kept_and_counted(api, token):
    answer = act(api, token, target="post 7", metadata={"to": [1, {"a": ""}]})
    assert answer.status == 201
    action = answer.json["action"]
    assert action["action_type"] == "share"
    assert action["target"] == "post 7"
    assert action["metadata"] == {"to": [1, {"a": ""}]}
    assert answer.json["stats"]["action_count"] == 1
    assert answer.json["stats"]["last_active_at"] == action["created_at"]
    assert api.get("/api/actions", token).json["data"] == [action]


def test_a_type_says_which_counters_move(api, stack, token):
    stack.rows("insert into florin.action_types values ('chat.line',"
               " '{message_count}') on conflict do nothing")
    stats = act(api, token, action_type="chat.line").json["stats"]
    assert (stats["message_count"], stats["action_count"]) == (1, 0)
    stats = act(api, token, action_type="view").json["stats"]
    assert (stats["message_count"], stats["action_count"]) == (1, 0)


def test_an_unknown_type(api, token):
    answer = act(api, token, action_type="teleport")
    assert (answer.status, answer.code) == (422, "unknown_action_type")
    assert api.get("/api/actions", token).json["data"] == []


def test_without_target_and_metadata(api, user):
    answer = act(api, api.service, user_id=user, target=None)
    assert answer.json["action"]["target"] is None
    assert answer.json["action"]["metadata"] is None


def test_a_key_replays(api, token):
    key = new_key()
    first = act(api, token, key)
    again = act(api, token, key)
    assert (again.status, again.body) == (201, first.body)
    assert again.header("idempotent-replayed") == "true"
    answer = act(api, token, key, target="other")
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_an_answer_no_longer_kept(api, stack, user, token):
    key = new_key()
    act(api, token, key)
    stack.rows("update florin.idempotency_keys set body = null"
               " where user_id = %s", user)
    answer = act(api, token, key)
    assert (answer.status, answer.code) == (409, "already_done")


def test_the_list(api, stack, token):
    for kind in ("share", "like", "share"):
        act(api, token, action_type=kind)
        stack.dev("clock", "1 s")
    rows = api.get("/api/actions", token).json["data"]
    assert [r["action_type"] for r in rows] == ["share", "like", "share"]
    assert rows[0]["created_at"] > rows[2]["created_at"]
    only = api.get("/api/actions", token, action_type="like").json["data"]
    assert only == [rows[1]]
    page = api.get("/api/actions", token, limit=2).json
    assert page["data"] == rows[:2] and page["has_more"]
    rest = api.get("/api/actions", token, cursor=page["next_cursor"]).json
    assert rest["data"] == rows[2:] and not rest["has_more"]
    after = api.get("/api/actions", token, **{
        "from": rows[1]["created_at"], "to": rows[0]["created_at"]}).json
    assert after["data"] == [rows[1]]


def test_a_cursor_of_another_list(api, token):
    answer = api.get("/api/actions", token, cursor="17")
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_an_unknown_user(api):
    nobody = api.as_user("nobody-ac")
    for answer in act(api, nobody), api.get("/api/actions", nobody):
        assert (answer.status, answer.code) == (404, "user_not_found")


FIELDS = [({"action_type": "Share"}, "action_type"),
          ({"action_type": None}, "action_type"),
          ({"target": ""}, "target"), ({"target": "x" * 501}, "target"),
          ({"metadata": 1}, "metadata"), ({"when": "now"}, "when")]


@pytest.mark.parametrize("body, field", FIELDS)
def test_a_wrong_field_is_named(api, token, body, field):
    answer = act(api, token, **body)
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == field
