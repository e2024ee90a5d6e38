"""The chaos suite: what was answered stays, whatever is killed."""
import pytest

from support import invariants


@pytest.fixture(autouse=True)
def invariants_hold(request):
    """After each test that has a stack."""
    yield
    if "stack" in request.fixturenames:
        invariants.assert_kept(request.getfixturevalue("stack"))
