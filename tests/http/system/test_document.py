"""The OpenAPI document: the same by both ways, and a judge that bites: every
answer that the client of this suite reads is held against it."""
import copy
import json

import pytest

from support import contract
from support.client import Answer
from support.stack import built

CREDITS = ("GET", "/api/credits")
PROBLEM = {"type": "t", "title": "t", "status": 404, "detail": "d",
           "code": "user_not_found", "request_id": "r"}


@pytest.fixture(name="document")
def document_of_program():
    return contract.of_program(built())


def test_the_program_serves_what_it_prints(api, document):
    answer = api.get("/api/openapi.json")
    assert answer.status == 200
    served = contract.Contract(answer.json)
    assert served.schemas == document.schemas
    assert [o.text for o in served.operations] == [
        o.text for o in document.operations]


def answer_of(status, value, kind="application/json"):
    return Answer(status, [("content-type", kind)], json.dumps(value).encode())


def problem(**changes):
    value = {**PROBLEM, **changes}
    return answer_of(value["status"], value, "application/problem+json")


def test_what_is_right_passes(api, token, document):
    document.check(*CREDITS, api.get("/api/credits", token))
    document.check(*CREDITS, problem())
    document.check("HEAD", "/api/credits?x", Answer(200, [], b""))
    document.check(*CREDITS, Answer(304, [], b""))


def changed(value, path, new):
    """A copy in which one member is another; `...` takes it away."""
    value = copy.deepcopy(value)
    place = value
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = new
    if new is ...:
        del place[path[-1]]
    return value


@pytest.mark.parametrize("path, new", [
    (["balance"], "100"), (["balance"], ...), (["balance"], 1.5),
    (["secret"], 1), (["updated_at"], "now"),
    (["updated_at"], "2026-11-21T10:00:00"),
    (["membership", "status"], "gold"), (["membership", "x"], 1),
    (["grants", 0, "source"], None), (["grants", 0, "x"], None),
    (["total_recharged"], {"CNY": "1"})])
def test_a_wrong_member_is_seen(api, token, document, path, new):
    value = api.get("/api/credits", token).json
    with pytest.raises(AssertionError):
        document.check(*CREDITS, answer_of(200, changed(value, path, new)))


@pytest.mark.parametrize("request_, answer", [
    (CREDITS, answer_of(202, {})),
    (CREDITS, answer_of(200, {}, "text/plain")),
    (CREDITS, Answer(304, [], b"x")),
    (CREDITS, problem(status=409, code="hold_closed")),
    (CREDITS, problem(code="not_found")),
    (CREDITS, problem(extra=1)),
    (CREDITS, answer_of(404, PROBLEM)),
    (("GET", "/nowhere"), answer_of(200, {})),
    (("PUT", "/api/credits"), answer_of(200, {})),
    (("GET", "/nowhere"), answer_of(404, PROBLEM)),
    (("GET", "/ping"), answer_of(200, "pong"))])
def test_a_wrong_answer_is_seen(document, request_, answer):
    with pytest.raises(AssertionError):
        document.check(*request_, answer)
