"""POST /api/admin/users/{user_id}/freeze."""
from support.api import quote


def call(api, user, verb="freeze", **more):
    return api.post(f"/api/admin/users/{quote(user)}/{verb}", api.admin,
                    {"reason": "a fraud", **more})


def test_a_frozen_wallet_spends_nothing(api, user, token):
    frozen = call(api, user)
    assert (frozen.status, frozen.json["wallet"]["frozen"]) == (200, True)
    assert api.consume(token, 1).code == "wallet_frozen"
    assert api.grant(user, 1).status == 200


def test_again_changes_nothing(api, user):
    first, again = call(api, user), call(api, user)
    assert again.json["wallet"] == first.json["wallet"]
    assert [o["operation"] for o in again.json["operations"]].count(
        "freeze_wallet") == 1


def test_an_unknown_user(api):
    answer = call(api, "nobody-7")
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_a_reason_is_needed(api, user):
    answer = call(api, user, reason=None)
    assert answer.json["errors"][0]["field"] == "reason"


def test_a_user_agent_in_another_character_set(api, user):
    answer = api.call("POST", f"/api/admin/users/{user}/freeze", api.admin,
                      {"reason": "a fraud"},
                      headers=[("User-Agent", "Konsole \udce9t\udce9")])
    assert answer.status == 200
    assert answer.json["operations"][0]["user_agent"] == "Konsole ?t?"
