"""GET /api/credits: the wallet with its grants and the membership."""
import pytest


def test_a_new_user_has_what_registration_gives(api):
    user = api.new_user()
    wallet = api.get("/api/credits", api.as_user(user)).json
    assert wallet["user_id"] == user
    assert wallet["balance"] == wallet["total_granted"] == 50
    assert wallet["held"] == wallet["total_spent"] == 0
    assert (wallet["level"], wallet["version"]) == (1, 1)
    assert wallet["total_recharged"] == {}
    assert wallet["first_recharged_at"] is None
    assert wallet["frozen"] is False
    (grant,) = wallet["grants"]
    assert (grant["source"], grant["amount"]) == ("registration", 50)
    assert grant["expires_at"] is None


def test_who_is_no_member_has_plan_null(api, token):
    membership = api.get("/api/credits", token).json["membership"]
    assert membership["plan"] is None
    assert membership["status"] == "none"
    assert membership["upcoming"] == []


def test_grants_add_up_to_the_balance(api, user, token):
    api.grant(user, 7)
    api.consume(token, 33)
    wallet = api.get("/api/credits", token).json
    assert sum(g["remaining"] for g in wallet["grants"]) == wallet["balance"]


def test_a_user_may_name_itself(api, user, token):
    answer = api.get("/api/credits", token, user_id=user)
    assert answer.json["user_id"] == user


@pytest.mark.parametrize("who", ["service", "admin"])
def test_the_site_reads_a_named_user(api, user, who):
    answer = api.get("/api/credits", getattr(api, who), user_id=user)
    assert answer.json["user_id"] == user


def test_an_unknown_user(api):
    answer = api.get("/api/credits", api.as_user("nobody-5"))
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_an_expired_grant_is_gone_when_it_is_read(api, stack):
    user = api.new_user(0)
    moment = stack.moment("1 hour")
    api.grant(user, 40, expires_at=moment)
    stack.dev("clock", "61 minutes")
    wallet = api.get("/api/credits", api.as_user(user)).json
    assert (wallet["balance"], wallet["grants"]) == (0, [])
    listed = api.get("/api/credits/transactions", api.as_user(user), limit=1)
    (row,) = listed.json["data"]
    assert (row["kind"], row["amount"]) == ("expire", -40)
    assert row["effective_at"] < row["created_at"]
    assert row["actor"] == "system"


# The balance at a moment.

def test_at_counts_rows_of_exactly_that_moment(api, user, token):
    taken = api.consume(token, 10).json["transaction"]
    answer = api.get("/api/credits", token, at=taken["effective_at"])
    assert answer.status == 200
    assert answer.json["balance"] == 90
    assert answer.json["user_id"] == user


def test_at_does_not_count_what_came_later(api, token):
    first = api.consume(token, 10).json["transaction"]
    api.consume(token, 10)
    answer = api.get("/api/credits", token, at=first["effective_at"])
    assert answer.json["balance"] == 90


def test_at_before_registration_is_zero(api, token):
    answer = api.get("/api/credits", token, at="2020-01-01T00:00:00Z")
    assert answer.json["balance"] == 0


def test_at_in_the_future(api, token):
    answer = api.get("/api/credits", token, at="2199-01-01T00:00:00Z")
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "at"


def test_at_in_nanoseconds(api, token):
    answer = api.get("/api/credits", token, at="2020-01-01T00:59:59.999999999Z")
    assert answer.json["at"] == "2020-01-01T00:59:59.999999+00:00"


@pytest.mark.parametrize("at", ["", "now", "2020-01-01", "1577836800",
                                "2020-01-01T00:00:00", "-infinity",
                                "2020-13-01T00:00:00Z"])
def test_at_that_is_no_time(api, token, at):
    answer = api.get("/api/credits", token, at=at)
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "at"
