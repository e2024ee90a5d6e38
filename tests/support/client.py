"""A small HTTP/1.1 client that hides nothing: bytes in, bytes out.

The library's client folds headers and refuses odd requests; tests need to
send odd requests and to see each header as it came.
"""
import json
import select
import socket
import threading
import time
import urllib.parse

TIMEOUT_SECONDS = 30


class ConnectionLost(Exception):
    """The connection ended before a whole answer was read."""


class Answer:
    """One response."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # (lower-case name, value), as they came
        self.body = body

    def header(self, name):
        """The only value of a header; None without it."""
        values = self.all(name)
        assert len(values) <= 1, f"{name} came {len(values)} times: {values}"
        return values[0] if values else None

    def all(self, name):
        return [value for key, value in self.headers if key == name.lower()]

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def vary(self):
        """The names in all Vary headers, in lower case."""
        names = ",".join(self.all("vary")).split(",")
        return {name.strip().lower() for name in names}

    @property
    def code(self):
        """The `code` of a problem; None for anything else."""
        if self.header("content-type") != "application/problem+json":
            return None
        return self.json["code"] if self.body else None

    def __repr__(self):
        return f"<Answer {self.status} {self.body[:500]!r}>"


class AnswerReader:
    """Reads answers from a stream of bytes."""

    def __init__(self, stream):
        self.input = stream

    def read_answer(self, without_body=False):
        status, headers = self._read_head()
        while status == 100:
            status, headers = self._read_head()
        answer = Answer(status, headers, b"")
        if not without_body and status not in (204, 304):
            answer.body = self._read_body(answer)
        return answer

    def _line(self):
        line = self.input.readline(65537)
        if not line.endswith(b"\n"):
            raise ConnectionLost(f"after {line!r}")
        return line.rstrip(b"\r\n").decode("latin-1")

    def _read_head(self):
        words = self._line().split(" ", 2)
        headers = []
        while line := self._line():
            name, _, value = line.partition(":")
            headers.append((name.lower(), value.strip()))
        return int(words[1]), headers

    def _read_body(self, answer):
        if answer.header("transfer-encoding") == "chunked":
            return b"".join(self._chunks())
        length = answer.header("content-length")
        if length is None:
            return self.input.read()
        return self._exactly(int(length))

    def _chunks(self):
        while size := int(self._line().split(";")[0], 16):
            yield self._exactly(size)
            self._line()
        while self._line():
            pass

    def _exactly(self, length):
        body = self.input.read(length)
        if len(body) != length:
            raise ConnectionLost(f"{len(body)} of {length} bytes")
        return body


class Connection(AnswerReader):
    """One TCP connection; answers are read in the order of requests."""

    def __init__(self, address, timeout=TIMEOUT_SECONDS):
        self.sock = socket.create_connection(address, timeout=timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(self.sock.makefile("rb"))

    def close(self):
        self.input.close()
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def is_stale(self):
        """True if the other side has closed (or sent unasked-for bytes)."""
        return bool(select.select([self.sock], [], [], 0)[0])


class Client:
    """Keep-alive connections to one server, one per thread.  With a contract
    each answer is held against it."""

    def __init__(self, url, timeout=TIMEOUT_SECONDS, contract=None):
        parts = urllib.parse.urlsplit(url)
        self.address = (parts.hostname, parts.port or 80)
        self.host = parts.netloc
        self.timeout = timeout
        self.contract = contract
        self.local = threading.local()

    def check(self, request, answer):
        """Hold the answer to a request's bytes against the contract."""
        line = request.partition(b"\r\n")[0].decode("latin-1").split(" ")
        if self.contract is not None and len(line) == 3:
            self.contract.check(line[0], line[1], answer)
        return answer

    def connection(self):
        """This thread's connection, a new one if the old one ended."""
        held = getattr(self.local, "connection", None)
        if held is not None and held.is_stale():
            self.drop()
            held = None
        if held is None:
            held = Connection(self.address, self.timeout)
            self.local.connection = held
        return held

    def drop(self):
        held = getattr(self.local, "connection", None)
        if held is not None:
            held.close()
        self.local.connection = None

    def request(self, method, target, headers=(), body=None):
        """Send one request, read its answer.  OSError or ConnectionLost
        mean that the outcome is not known."""
        data = self.encode(method, target, headers, body)
        try:
            held = self.connection()
            held.send(data)
            answer = held.read_answer(without_body=method == "HEAD")
        except (OSError, ConnectionLost, ValueError):
            self.drop()
            raise
        if answer.header("connection") == "close":
            self.drop()
        return self.check(data, answer)

    def encode(self, method, target, headers=(), body=None):
        """The bytes of a request."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.host}"]
        lines += [f"{name}: {value}" for name, value in headers]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join(lines) + "\r\n\r\n"
        return head.encode("utf-8", "surrogateescape") + (body or b"")

    def exchange(self, data, wait=TIMEOUT_SECONDS):
        """Send raw bytes on a new connection; the answer, or None if the
        server closed without one."""
        held = Connection(self.address, wait)
        try:
            held.send(data)
            return self.check(data, held.read_answer())
        except (ConnectionLost, ConnectionResetError, BrokenPipeError):
            return None
        finally:
            held.close()


def is_ready(url):
    """True once /readyz says 200."""
    try:
        return Client(url, 2).request("GET", "/readyz").status == 200
    except (OSError, ConnectionLost, ValueError):
        return False


def wait_ready(url, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_ready(url):
        assert time.monotonic() < deadline, f"not ready after {seconds} s"
        time.sleep(0.05)
