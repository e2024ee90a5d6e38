"""The race suite: many at once, and the result is as if one by one."""
import pytest

from support import invariants
from support.api import Api


@pytest.fixture(scope="session", name="api")
def api_of_races(stack):
    """Deadlocks are counted over the whole run: there are none."""
    yield Api(stack)
    assert invariants.deadlocks(stack) == 0
