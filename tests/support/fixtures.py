"""Fixtures of every suite."""
import uuid

import pytest

from support import invariants
from support.api import Api
from support.stack import Stack


@pytest.fixture(scope="session", name="stack")
def running_stack():
    """One stack for the whole run; the invariants hold at its end."""
    with Stack() as stack:
        yield stack
        invariants.assert_kept(stack)


@pytest.fixture(scope="session", name="api")
def plain_api(stack):
    return Api(stack)


@pytest.fixture(name="user")
def fresh_user(api):
    """The id of a new user with 100 credits."""
    return api.new_user(100)


@pytest.fixture(name="token")
def token_of_user(api, user):
    return api.as_user(user)


@pytest.fixture(name="kind")
def unused_kind():
    """A kind of tasks that nobody else has."""
    return f"test.{uuid.uuid4().hex}"


def pytest_make_parametrize_id(val):
    """Long texts get a short name."""
    if isinstance(val, str) and len(val) > 40:
        return f"{val[:12]}... ({len(val)})"
    return None
