"""POST /api/admin/users/{user_id}/unfreeze."""
from support.api import quote


def call(api, user, verb="unfreeze", **more):
    return api.post(f"/api/admin/users/{quote(user)}/{verb}", api.admin,
                    {"reason": "a fraud", **more})


def test_a_thawed_wallet_spends_again(api, user, token):
    call(api, user, "freeze")
    thawed = call(api, user)
    assert (thawed.status, thawed.json["wallet"]["frozen"]) == (200, False)
    assert api.consume(token, 1).status == 200


def test_again_changes_nothing(api, user):
    call(api, user, "freeze")
    first, again = call(api, user), call(api, user)
    assert again.json["wallet"] == first.json["wallet"]
    assert [o["operation"] for o in again.json["operations"]].count(
        "unfreeze_wallet") == 1


def test_an_unknown_user(api):
    answer = call(api, "nobody-7")
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_a_reason_is_needed(api, user):
    answer = call(api, user, reason=None)
    assert answer.json["errors"][0]["field"] == "reason"
