"""POST /api/actions: what a user did; its types are data."""
import pytest

from support.api import new_key
from support.keyed import assert_keyed


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


def test_a_key(api, stack, user, token):
    assert_keyed(api, stack, user, lambda key: act(api, token, key), 201)


def test_a_key_of_another_action(api, token):
    key = new_key()
    act(api, token, key)
    answer = act(api, token, key, target="other")
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_an_unknown_user(api):
    answer = act(api, api.as_user("nobody-ac"))
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
