"""What a web server other than ours may send to florind's own socket."""
import contextlib
import re
import socket

import pytest

from support import fastcgi
from support.master import started

BODY_MAX = 256 * 1024
PENDING_MAX = 256  # of src/intake.c
GOOD = [("REQUEST_METHOD", "GET"), ("REMOTE_ADDR", "127.0.0.1")]


@pytest.fixture(name="path")
def socket_of_pool(stack):
    return stack.run_dir / "fcgi/wallet.sock"


def test_little_is_said(path):
    """No QUERY_STRING, for one: a worker that dies takes others' requests
    with it."""
    answer = fastcgi.ask(path, [*GOOD, ("PATH_INFO", "/livez")])
    assert answer.status == 200


def test_the_path_of_the_uri_serves_without_path_info(path):
    """mod_proxy_fcgi may send none."""
    for uri in ("/livez", "/livez?", "http://x/livez", "/%6civez"):
        answer = fastcgi.ask(path, [*GOOD, ("REQUEST_URI", uri)])
        assert answer.status == 200, uri


@pytest.mark.parametrize("uri,status", [
    ("/%zz", 400), ("/a%00", 400), ("/a%2fb", 400), ("//livez", 400),
    ("/../livez", 400), ("http://x", 404), ("http://x//livez", 400),
    ("/nothing", 404), ("", 404)])
def test_a_uri_that_is_not_clean(path, uri, status):
    answer = fastcgi.ask(path, [*GOOD, ("REQUEST_URI", uri)])
    assert answer.status == status


def test_nothing_at_all_is_said(path):
    answer = fastcgi.ask(path, [])
    assert answer.status == 404
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


def test_an_address_that_is_not_this_host_s(path):
    for address, status in (("127.0.0.1", 200), ("::1", 200),
                            ("127.9.9.9", 200), ("192.0.2.1", 403),
                            ("2001:db8::1", 403), ("x", 403), ("", 200)):
        answer = fastcgi.ask(path, [
            ("REQUEST_METHOD", "GET"), ("REMOTE_ADDR", address),
            ("PATH_INFO", "/ping"), ("REQUEST_URI", "/ping")])
        assert answer.status == status, address


def test_a_client_s_own_request_id(path):
    answer = fastcgi.ask(path, [*GOOD, ("PATH_INFO", "/livez"),
                                ("HTTP_X_REQUEST_ID", "mine-1"),
                                ("REQUEST_ID", "server-1")])
    assert answer.headers["x-request-id"] == "mine-1"


@pytest.mark.parametrize("size", [BODY_MAX + 1, 1_000_000, 3_000_000])
def test_a_body_that_the_web_server_let_through(path, size):
    """It is read away, so that the answer arrives."""
    answer = fastcgi.ask(path, [
        ("REQUEST_METHOD", "POST"), ("PATH_INFO", "/api/users"),
        ("CONTENT_LENGTH", str(size))], b" " * size)
    assert answer.status == 413


@pytest.mark.parametrize("text", ["x", "-1", "+1", "1x", " 1", "99"])
def test_a_length_that_is_not_the_body_s(path, text):
    """The peer is not one that we can talk to."""
    answer = fastcgi.ask(path, [
        ("REQUEST_METHOD", "POST"), ("PATH_INFO", "/api/users"),
        ("CONTENT_LENGTH", text)], b"{}")
    assert answer is None or answer.status == 0
    assert fastcgi.get(path, "/livez").status == 200


def test_more_stalled_peers_than_places(stack):
    """The oldest has to go; who asks is served."""
    with started(stack, "process_control_timeout = 10s",
                 "pm.max_children = 1") as master, \
            contextlib.ExitStack() as peers:
        stalled = []
        for _ in range(PENDING_MAX + 10):
            sock = peers.enter_context(socket.socket(socket.AF_UNIX))
            sock.settimeout(10)
            sock.connect(str(master.socket))
            sock.sendall(b"\1")
            stalled.append(sock)
        gone = socket.socket(socket.AF_UNIX)
        gone.connect(str(master.socket))
        gone.close()
        assert fastcgi.get(master.socket, "/livez").status == 200
        with contextlib.suppress(ConnectionResetError):
            assert stalled[0].recv(1) == b""
        stalled[-1].setblocking(False)
        with pytest.raises(BlockingIOError):
            stalled[-1].recv(1)


def test_a_role_that_is_no_responder_s(path):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(10)
        sock.connect(str(path))
        authorizer = b"\0\2\0\0\0\0\0\0"
        sock.sendall(fastcgi.record(fastcgi.BEGIN, authorizer)
                     + fastcgi.stream(fastcgi.PARAMS, b""))
        with contextlib.suppress(ConnectionResetError):
            fastcgi.read_answer(sock)
    assert fastcgi.get(path, "/livez").status == 200
