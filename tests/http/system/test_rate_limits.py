"""Rate limits: so many requests of one user, of one admin, in a window; the
workers of a host count together."""
import re
import time

import pytest

from support.api import Api
from support.stack import Stack, wait_until
from support.storm import consume_request, get_request, statuses, storm

USER_MAX = 5
ADMIN_MAX = 3
WINDOW_SECONDS = 40
CREDITS = "/api/credits"


@pytest.fixture(scope="module", name="limited")
def limited_stack():
    with Stack() as stack:
        api = Api(stack, {"iss": "florin-dev", "aud": "florin"})
        probe = api.new_user()
        stack.configure("pool wallet {", f"""
            rate_limit.user = {USER_MAX}
            rate_limit.admin = {ADMIN_MAX}
            rate_limit.window = {WINDOW_SECONDS}s
            pool wallet {{""")
        wait_until(lambda: api.get(CREDITS, api.as_user(probe)).header(
            "ratelimit"), 20, "the limits are in force")
        time.sleep(1)  # for the last worker of the old configuration
        yield api


@pytest.fixture(name="user")
def fresh_user(limited):
    """Nobody has asked for this user yet."""
    user = limited.new_user()
    assert limited.grant(user, 50).status == 200
    return user


def limit(answer):
    """(policy, remaining, seconds until all is back)"""
    policy, left, back = re.fullmatch(
        r'"(\w+)";r=(\d+);t=(\d+)', answer.header("ratelimit")).groups()
    return policy, int(left), int(back)


def assert_limited(answer, seconds_max):
    assert (answer.status, answer.code) == (429, "rate_limited")
    assert 1 <= int(answer.header("retry-after")) <= seconds_max
    assert limit(answer)[1] == 0


def test_a_user_s_requests_count_down(limited, user):
    token = limited.as_user(user)
    for left in reversed(range(USER_MAX)):
        answer = limited.get(CREDITS, token)
        assert answer.status == 200
        assert answer.header("ratelimit-policy") == (
            f'"user";q={USER_MAX};w={WINDOW_SECONDS}')
        policy, remaining, back = limit(answer)
        assert (policy, remaining) == ("user", left)
        assert 0 < back <= WINDOW_SECONDS
    assert_limited(limited.get(CREDITS, token), WINDOW_SECONDS / USER_MAX)


def test_what_is_over_the_limit_does_nothing(limited, user):
    token = limited.as_user(user)
    for _ in range(USER_MAX):
        assert limited.consume(token, 1).status == 200
    assert_limited(limited.consume(token, 1), WINDOW_SECONDS / USER_MAX)
    told = limited.get(CREDITS, limited.service, user_id=user).json
    assert told["balance"] == 100 - USER_MAX


def test_one_more_after_retry_after(limited, user):
    token = limited.as_user(user)
    storm(limited, [get_request(limited, CREDITS, token)] * USER_MAX)
    told = limited.get(CREDITS, token)
    assert_limited(told, WINDOW_SECONDS / USER_MAX)
    time.sleep(int(told.header("retry-after")))
    assert limited.get(CREDITS, token).status == 200
    assert limited.get(CREDITS, token).status == 429


def test_all_workers_count_together(limited, user):
    token = limited.as_user(user)
    answers = storm(limited, [
        consume_request(limited, token, f"k{n}", amount=1, reason="r")
        for n in range(30)])
    assert statuses(answers) == {200: USER_MAX, 429: 30 - USER_MAX}
    told = limited.get(CREDITS, limited.service, user_id=user).json
    assert told["balance"] == 100 - USER_MAX


def test_each_user_has_its_own(limited, user):
    other = limited.new_user()
    for _ in range(USER_MAX + 1):
        told = limited.get(CREDITS, limited.as_user(user))
    assert told.status == 429
    assert limited.get(CREDITS, limited.as_user(other)).status == 200


def test_what_is_refused_counts_too(limited, user):
    token = limited.as_user(user)
    for _ in range(USER_MAX):
        assert limited.grant(user, 1, who=token).code == "forbidden"
    assert limited.grant(user, 1, who=token).code == "rate_limited"


def test_who_is_not_known_is_not_counted(limited, user):
    forged = limited.minter.sign(limited.minter.claims(user), key=b"x" * 32)
    for _ in range(USER_MAX * 2):
        answer = limited.get(CREDITS, forged)
        assert answer.status == 401
        assert answer.header("ratelimit") is None
    assert limited.get(CREDITS, limited.as_user(user)).status == 200


def test_each_admin_has_its_own(limited, user):
    for name in ("first", "second"):
        token = limited.minter.token(name, "admin")
        for left in reversed(range(ADMIN_MAX)):
            answer = limited.get(CREDITS, token, user_id=user)
            assert limit(answer)[:2] == ("admin", left)
        assert_limited(limited.get(CREDITS, token, user_id=user),
                       WINDOW_SECONDS / ADMIN_MAX + 1)


def test_an_admin_is_not_the_user_of_its_name(limited, user):
    as_admin = limited.minter.token(user, "admin")
    for _ in range(ADMIN_MAX + 1):
        told = limited.get(CREDITS, as_admin, user_id=user)
    assert told.status == 429
    assert limited.get(CREDITS, limited.as_user(user)).status == 200


def test_a_service_has_no_limit(limited, user):
    for _ in range(USER_MAX * 3):
        answer = limited.get(CREDITS, limited.service, user_id=user)
        assert answer.status == 200
        assert answer.header("ratelimit") is None


def test_open_addresses_have_no_limit(limited):
    for _ in range(USER_MAX * 3):
        assert limited.get("/livez").status == 200
