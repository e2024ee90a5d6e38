"""GET /api/credits/holds/{hold_id}: one hold, open or ended."""
import pytest


@pytest.fixture(name="hold")
def hold_of_the_service(api, user):
    return api.hold(api.service, 30, user_id=user).json["hold"]


def get(api, who, hold_id, **query):
    return api.get(f"/api/credits/holds/{hold_id}", who, **query)


def test_the_user_sees_it_whoever_made_it(api, token, hold):
    answer = get(api, token, hold["id"])
    assert answer.status == 200
    assert answer.json == hold


@pytest.mark.parametrize("who", ["service", "admin"])
def test_the_site_names_the_user(api, user, hold, who):
    answer = get(api, getattr(api, who), hold["id"], user_id=user)
    assert answer.json == hold


def test_as_it_ended(api, user, token, hold):
    ended = api.capture(user, hold["id"], amount=7).json["hold"]
    assert get(api, token, hold["id"]).json == ended


def test_its_time_is_over(api, stack, token, hold):
    stack.dev("clock", "15 minutes")
    assert get(api, token, hold["id"]).json == dict(hold, status="expired")


def test_another_users_is_not_there(api, hold):
    other = api.new_user(10)
    answer = get(api, api.as_user(other), hold["id"])
    assert (answer.status, answer.code) == (404, "not_found")
    answer = get(api, api.service, hold["id"], user_id=other)
    assert answer.code == "not_found"


def test_an_unknown_user(api, hold):
    answer = get(api, api.as_user("nobody-23"), hold["id"])
    assert answer.code == "user_not_found"


@pytest.mark.parametrize("hold_id", ["1", "0" * 26, "A" * 26])
def test_an_unknown_hold(api, token, hold_id):
    assert get(api, token, hold_id).status == 404
