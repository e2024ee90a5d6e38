"""GET /api/checkin: a month, and where the streak stands."""
import pytest


def month(api, who, **query):
    return api.get("/api/checkin", who, **query)


def test_before_the_first(api, token):
    told = month(api, token).json
    assert told["days"] == []
    assert (told["streak"], told["checked_in_today"]) == (0, False)


def test_today_and_after(api, stack, token):
    checkin = api.post("/api/checkin", token).json["checkin"]
    told = month(api, token).json
    assert told["month"] == checkin["date"][:7]
    assert told["days"] == [checkin]
    assert (told["streak"], told["checked_in_today"]) == (1, True)
    stack.dev("clock", "1 day")
    told = month(api, token, month=checkin["date"][:7]).json
    assert told["days"] == [checkin]
    assert (told["streak"], told["checked_in_today"]) == (1, False)
    stack.dev("clock", "1 day")
    assert month(api, token).json["streak"] == 0


def test_another_month(api, user, token):
    api.post("/api/checkin", token)
    told = month(api, api.service, user_id=user, month="2001-02").json
    assert (told["month"], told["days"]) == ("2001-02", [])


@pytest.mark.parametrize("wrong", ["2026-13", "2026-00", "0000-01", "202601x",
                                   "2026/01", "2026-1x", "+026-01"])
def test_what_is_no_month(api, token, wrong):
    answer = month(api, token, month=wrong)
    assert (answer.status, answer.json["errors"][0]["field"]) == (
        400, "month")


def test_an_unknown_user(api):
    answer = month(api, api.as_user("nobody-ci"))
    assert (answer.status, answer.code) == (404, "user_not_found")
