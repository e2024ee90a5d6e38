"""Bytes that are no HTTP request, or two requests in one coat."""
import socket
import threading

import pytest

from support.client import Connection
from support import shapes
from support.stack import BEHIND_APACHE

HOST = b"Host: x\r\n"

UNPARSABLE = {
    "garbage": b"\x00\x01\x02\x03\r\n\r\n",
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 50
                   + b"\r\n\r\n",
    "no method": b" /livez HTTP/1.1\r\n" + HOST + b"\r\n",
    "no path": b"GET  HTTP/1.1\r\n" + HOST + b"\r\n",
    "a relative path": b"GET livez HTTP/1.1\r\n" + HOST + b"\r\n",
    "a blank in the path": b"GET /li vez HTTP/1.1\r\n" + HOST + b"\r\n",
    "an unknown protocol": b"GET /livez HTCPCP/1.0\r\n" + HOST + b"\r\n",
    "no version": b"GET /livez HTTP/\r\n" + HOST + b"\r\n",
    "a bad escape": b"GET /api/%zz HTTP/1.1\r\n" + HOST + b"\r\n",
    "NUL in the path": b"GET /li\0vez HTTP/1.1\r\n" + HOST + b"\r\n",
    "an escaped NUL": b"GET /api/%00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "no host": b"GET /livez HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /livez HTTP/1.1\r\n" + HOST + b"Host: y\r\n\r\n",
    "a bad host": b"GET /livez HTTP/1.1\r\nHost: a b\r\n\r\n",
    "NUL in a header": b"GET /livez HTTP/1.1\r\n" + HOST
                       + b"X-A: a\0b\r\n\r\n",
    "a length of no number": b"POST /api/users HTTP/1.1\r\n" + HOST
                             + b"Content-Length: x\r\n\r\n",
    "a length below 0": b"POST /api/users HTTP/1.1\r\n" + HOST
                        + b"Content-Length: -1\r\n\r\n",
    "two lengths": b"POST /api/users HTTP/1.1\r\n" + HOST
                   + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "a length and chunks": b"POST /api/users HTTP/1.1\r\n" + HOST
                           + b"Content-Length: 2\r\n"
                           b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a bad chunk": b"POST /api/users HTTP/1.1\r\n" + HOST
                   + b"Content-Type: application/json\r\n"
                   b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
}


def exchange(api, data):
    held = Connection(api.client.address, 10)
    try:
        held.send(data)
        return held.read_answer()
    finally:
        held.close()


# Apache reads a request of both by its chunks, as RFC 9112 allows, and closes.
TWO_LENGTHS = "a length and chunks"
REFUSED = (401, "unauthorized") if BEHIND_APACHE else (400, "invalid_request")


@pytest.mark.parametrize("name", UNPARSABLE)
def test_unparsable_is_400_and_a_problem(api, name):
    answer = exchange(api, UNPARSABLE[name])
    assert (answer.status, answer.code) == (
        REFUSED if name == TWO_LENGTHS else (400, "invalid_request"))
    shapes.check_problem(answer)


def test_one_answer_only_to_an_unparsable_request(api):
    held = Connection(api.client.address, 10)
    held.send(UNPARSABLE[TWO_LENGTHS]
              + b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n")
    assert held.read_answer().status == REFUSED[0]
    assert held.input.read() == b""
    held.close()


def test_requests_in_a_row_are_answered_in_order(api, token):
    one = api.client.encode("GET", "/api/credits/check?amount=1", [
        ("Authorization", f"Bearer {token}")])
    two = one.replace(b"amount=1", b"amount=2")
    held = Connection(api.client.address, 10)
    held.send(one + two + one)
    told = [held.read_answer().json["required"] for _ in range(3)]
    held.close()
    assert told == [1, 2, 1]


def test_http_1_0_is_served(api):
    answer = exchange(api, b"GET /livez HTTP/1.0\r\n\r\n")
    assert answer.status == 200


def test_a_body_shorter_than_its_length_spends_nothing(api, user, token):
    body = b'{"amount": 1, "reason": "r"}'
    data = api.client.encode("POST", "/api/credits/consume", [
        ("Authorization", f"Bearer {token}"), ("Idempotency-Key", "cut"),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body) + 10))]) + body
    held = Connection(api.client.address, 10)
    held.send(data)
    held.sock.shutdown(socket.SHUT_WR)
    held.input.read()
    held.close()
    assert api.balance(user) == 100


def test_expect_100_continue(api, token):
    body = b'{"amount": 1, "reason": "r"}'
    data = api.client.encode("POST", "/api/credits/consume", [
        ("Authorization", f"Bearer {token}"), ("Idempotency-Key", "expect"),
        ("Content-Type", "application/json"), ("Expect", "100-continue"),
        ("Content-Length", str(len(body)))])
    held = Connection(api.client.address, 10)
    held.send(data)
    threading.Timer(0.2, held.send, [body]).start()
    assert held.read_answer().status == 200
    held.close()


@pytest.mark.parametrize("header", [
    b"REMOTE_USER: admin", b"X-Forwarded-User: admin", b"X-Role: admin",
    b"X-Http-Method-Override: DELETE", b"X-Original-Url: /api/admin",
    b"Proxy: http://evil", b"PATH-INFO: /api/admin", b"Path_Info: /livez"])
def test_headers_that_mean_nothing(api, header):
    answer = exchange(api, b"GET /api/credits HTTP/1.1\r\n" + HOST + header
                      + b"\r\n\r\n")
    assert answer.status == 401
