"""The contract suite: each answer is held against the contract, each route's
success and each of its errors must have been seen at the end."""
import pytest

from support import payments
from support.api import Api
from support.routes import route_of
from support.stack import wait_until

ORIGIN = "http://localhost:5173"
ISSUER = "florin-dev"
AUDIENCE = "florin"


class Recorder:
    """Remembers which route answered what."""

    def __init__(self):
        self.seen = set()  # (route name, status, code or None)

    def __call__(self, method, path, answer):
        route = route_of(method, path)
        if route is None:
            return
        if answer.status < 400:
            route.check_answer(method, answer)
        code = None if method == "HEAD" else answer.code
        if answer.status >= 400 and path.endswith("/webhooks/wechat"):
            code = answer.json["message"]
        self.seen.add((route.name, answer.status, code))


@pytest.fixture(scope="session", name="recorder")
def recorder_of_run():
    return Recorder()


@pytest.fixture(scope="session", name="api")
def recorded_api(stack, recorder):
    """The API with an allowed origin and an issuer that is particular: the
    configuration is changed and read again while it runs."""
    api = Api(stack)
    token = api.minter.token("no-issuer")
    keys = payments.Keys()
    stack.configure("issuer dev {", f"""
        {payments.configure(stack, keys)}
        cors_origins = {{"{ORIGIN}"}}
        issuer dev {{
            iss = "{ISSUER}"
            audience = "{AUDIENCE}"
            required_claims = {{iss, aud}}
    """)
    wait_until(lambda: api.get("/api/credits", token).status == 401, 20,
               "the new configuration is in force")
    api = Api(stack, {"iss": ISSUER, "aud": AUDIENCE})
    api.observers.append(recorder)
    api.payment_keys = keys
    return api


def pytest_collection_modifyitems(config, items):
    """What looks back on the whole run comes last, and only if all ran."""
    last = [item for item in items if "looks_back" in item.keywords]
    rest = [item for item in items if "looks_back" not in item.keywords]
    is_part = config.option.keyword or len(config.args) > 1
    items[:] = rest if is_part else rest + last


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "looks_back: needs the whole suite to have run before")
