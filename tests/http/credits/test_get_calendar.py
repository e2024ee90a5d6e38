"""GET /api/credits/calendar: what the next 12 months bring and take."""
import pytest

PATH = "/api/credits/calendar"


def lines(answer):
    return [(line["what"], line["credits"], line["source"])
            for line in answer.json["data"]]


def test_nothing(api, token):
    assert api.get(PATH, token).json == {"data": []}


def test_expiries_in_order_of_time(api, stack, user, token):
    later, soon = stack.moment("300 days"), stack.moment("2 hours")
    api.grant(user, 7, expires_at=later)
    api.grant(user, 5, expires_at=soon, source="referral")
    api.grant(user, 3, expires_at=stack.moment("400 days"))
    api.consume(token, 2)
    hold = api.hold(token, 1).json["hold"]
    answer = api.get(PATH, token)
    assert lines(answer) == [
        ("hold_expires", 1, None), ("grant_expires", 2, "referral"),
        ("grant_expires", 7, "bonus")]
    assert answer.json["data"][0]["at"] == hold["expires_at"]


def test_what_is_over_is_gone(api, stack, user, token):
    api.grant(user, 5, expires_at=stack.moment("2 hours"))
    api.hold(token, 1, ttl_seconds=3600)
    stack.dev("clock", "3 hours")
    assert lines(api.get(PATH, token)) == []


@pytest.mark.parametrize("who", ["service", "admin"])
def test_the_site_names_the_user(api, stack, user, who):
    api.grant(user, 5, expires_at=stack.moment("2 hours"))
    answer = api.get(PATH, getattr(api, who), user_id=user)
    assert lines(answer) == [("grant_expires", 5, "bonus")]


def test_an_unknown_user(api):
    answer = api.get(PATH, api.as_user("nobody-25"))
    assert (answer.status, answer.code) == (404, "user_not_found")
