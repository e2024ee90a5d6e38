#!/usr/bin/python3
"""The service behind /api/rewrite of a development stack: it tidies a text.

The body's member `upstream` says how it behaves: ok (default), fail (500),
hang, drop (closes the connection), slow (2 s), stream.
"""
import http.server
import json
import re
import select
import socket
import sys
import time

SLOW_SECONDS = 2
HANG_SECONDS_MAX = 600
PIECE_SECONDS = 0.1
BODY_BYTES_MAX = 1 << 20


def rewrite(text):
    """Single spaces, sentences that begin with a capital and end."""
    text = " ".join(text.split())
    text = re.sub(r"(^|[.!?] )([a-z])",
                  lambda m: m.group(1) + m.group(2).upper(), text)
    return text + "." if text and text[-1].isalnum() else text


class Upstream(http.server.BaseHTTPRequestHandler):
    """One request: POST, JSON {"text", "upstream"} or plain text."""

    protocol_version = "HTTP/1.1"
    close_connection = True

    def do_POST(self):
        length = min(int(self.headers.get("Content-Length", 0)),
                     BODY_BYTES_MAX)
        raw = self.rfile.read(length)
        body = self.json_of(raw)
        wish = body.get("upstream", "ok") if body is not None else "ok"
        action = getattr(self, f"answer_{wish}", None)
        if action is None:
            self.answer(400, "text/plain", b"unknown: upstream\n")
        elif body is None:
            text = rewrite(raw.decode("utf-8", "replace"))
            self.answer(200, "text/plain; charset=utf-8", text.encode())
        else:
            action(rewrite(str(body.get("text", ""))))

    @staticmethod
    def json_of(raw):
        """The body as an object, whatever its type is called; None if it is
        none."""
        try:
            body = json.loads(raw)
        except ValueError:
            return None
        return body if isinstance(body, dict) else None

    def answer(self, status, content_type, data):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def answer_ok(self, text):
        self.answer(200, "application/json",
                    json.dumps({"text": text}).encode())

    def answer_slow(self, text):
        time.sleep(SLOW_SECONDS)
        self.answer_ok(text)

    def answer_fail(self, _):
        self.answer(500, "text/plain", b"no luck\n")

    def answer_hang(self, _):
        """Until the other side loses patience."""
        select.select([self.connection], [], [], HANG_SECONDS_MAX)

    def answer_drop(self, _):
        self.connection.shutdown(socket.SHUT_RDWR)

    def answer_stream(self, text):
        """Word by word."""
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        for word in re.findall(r"\S+\s*", text):
            data = word.encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()
            time.sleep(PIECE_SECONDS)
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format, *args):
        """The stack's other logs say enough."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that went away is no error."""


if __name__ == "__main__":
    Server(("127.0.0.1", int(sys.argv[1])), Upstream).serve_forever()
