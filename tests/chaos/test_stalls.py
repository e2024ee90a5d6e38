"""A peer that stalls, a client that is slow, a database that is away: others
are served or told 503 in time, then all recovers."""
import socket
import statistics
import struct
import threading
import time

import pytest

from support import nemesis
from chaos.load import Load
from support.api import new_key
from support.client import Client, Connection, is_ready, wait_ready

STALLED_PEERS = 12
SLOW_CLIENTS = 60
AWAY_SECONDS = 10
STALL_SECONDS_MAX = 12
SERVED_SECONDS_MAX = 2
RECOVERY_SECONDS_MAX = 15

BEGIN = struct.pack(">BBHHBxHB5x", 1, 1, 1, 8, 0, 1, 0)
PARAMS_ANNOUNCED = struct.pack(">BBHHBx", 1, 4, 1, 200, 0)
PIECES = {
    "nothing": b"",
    "one byte": b"\x01",
    "half a header": BEGIN[:5],
    "half a record": BEGIN[:12],
    "no parameters": BEGIN,
    "half of the parameters": BEGIN + PARAMS_ANNOUNCED + b"\x0b\x04REQ",
    "a foreign protocol": b"GET / HTTP/1.1\r\n\r\n",
    "a wrong version": b"\x09" + BEGIN[1:],
    "an unknown record": struct.pack(">BBHHBx", 1, 99, 0, 8, 0) + b"x" * 8,
}


def stalled_peers(stack, piece):
    """Connections to the worker's own socket that stop in the middle."""
    peers = []
    for _ in range(STALLED_PEERS):
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(str(stack.run_dir / "fcgi/wallet.sock"))
        peer.sendall(piece)
        peers.append(peer)
    return peers


def timed(call):
    started = time.monotonic()
    answer = call()
    return answer, time.monotonic() - started


@pytest.mark.parametrize("name", PIECES)
def test_stalled_fastcgi_peers_hold_nobody_up_for_long(stack, api, name):
    token = api.as_user(api.new_user(100))
    peers = stalled_peers(stack, PIECES[name])
    try:
        results = [timed(lambda: api.consume(token, 1)) for _ in range(8)]
    finally:
        for peer in peers:
            peer.close()
    assert [answer.status for answer, _ in results] == [200] * 8
    assert max(seconds for _, seconds in results) < STALL_SECONDS_MAX


def test_workers_survive_what_peers_send(stack, api):
    before = stack.worker_pids()
    for piece in PIECES.values():
        for peer in stalled_peers(stack, piece):
            peer.close()
    token = api.as_user(api.new_user(100))
    assert api.consume(token, 1).status == 200
    assert stack.worker_pids() == before


def slow_clients(api, token):
    """Connections that have sent half of a request."""
    head = api.client.encode("POST", "/api/credits/consume", [
        ("Authorization", f"Bearer {token}"), ("Content-Length", "100"),
        ("Content-Type", "application/json"), ("Idempotency-Key", "slow")])
    held = []
    for number in range(SLOW_CLIENTS):
        connection = Connection(api.client.address)
        connection.send(head[:-20] if number % 2 else head + b'{"amou')
        held.append(connection)
    return held


def test_slow_clients_hold_nobody_up(api):
    token = api.as_user(api.new_user(100))
    held = slow_clients(api, token)
    results = [timed(lambda: api.consume(token, 1)) for _ in range(20)]
    for connection in held:
        connection.close()
    assert [answer.status for answer, _ in results] == [200] * 20
    assert max(seconds for _, seconds in results) < SERVED_SECONDS_MAX


def test_clients_that_do_not_read_hold_nobody_up(api):
    token = api.as_user(api.new_user(100))
    for _ in range(60):
        api.consume(token, 1)
    data = api.client.encode("GET", "/api/credits/transactions?limit=200", [
        ("Authorization", f"Bearer {token}")])
    held = []
    for _ in range(40):
        connection = Connection(api.client.address)
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.send(data * 20)
        held.append(connection)
    results = [timed(lambda: api.consume(token, 1)) for _ in range(20)]
    for connection in held:
        connection.close()
    assert max(seconds for _, seconds in results) < SERVED_SECONDS_MAX


def test_clients_that_go_away_do_no_harm(stack, api):
    token = api.as_user(api.new_user(100))
    before = stack.worker_pids()
    data = api.client.encode("GET", "/api/credits", [
        ("Authorization", f"Bearer {token}")])
    for _ in range(200):
        connection = Connection(api.client.address)
        connection.send(data)
        connection.close()
    assert api.consume(token, 1).status == 200
    assert stack.worker_pids() == before


def ask_while_away(api, token, until):
    """Requests of one patient client; [(status, code, seconds)]"""
    client = Client(api.stack.url, 30)
    told = []
    while time.monotonic() < until:
        answer, seconds = timed(lambda: client.request(
            "POST", "/api/credits/consume",
            [("Authorization", f"Bearer {token}"),
             ("Content-Type", "application/json"),
             ("Idempotency-Key", new_key())],
            b'{"amount": 1, "reason": "away"}'))
        told.append((answer.status, answer.code, seconds))
        time.sleep(0.2)
    return told


@pytest.mark.parametrize("away", [
    nemesis.database_stopped, nemesis.database_down])
def test_a_database_that_is_away(stack, api, away):
    token = api.as_user(api.new_user(1000))
    told = []

    def ask():
        told.extend(ask_while_away(
            api, token, time.monotonic() + AWAY_SECONDS))

    with Load(api, users=4, clients=6) as load:
        time.sleep(1)
        with away(stack):
            askers = [threading.Thread(target=ask) for _ in range(4)]
            for thread in askers:
                thread.start()
            time.sleep(AWAY_SECONDS / 2)
            live, live_seconds = timed(
                lambda: Client(stack.url).request("GET", "/livez"))
            is_ready_while_away = is_ready(stack.url)
            for thread in askers:
                thread.join()
        wait_ready(stack.url, RECOVERY_SECONDS_MAX)
        served = load.answered()
        time.sleep(1)
        assert load.answered() > served
    assert (live.status, is_ready_while_away) == (200, False)
    assert live_seconds < STALL_SECONDS_MAX
    codes = {(status, code) for status, code, _ in told}
    assert codes <= {(503, "unavailable"), (503, "outcome_unknown"),
                     (502, "outcome_unknown"), (504, "outcome_unknown")}
    seconds = [duration for _, _, duration in told]
    assert max(seconds) < STALL_SECONDS_MAX, statistics.quantiles(seconds)
    assert load.violations() == []
