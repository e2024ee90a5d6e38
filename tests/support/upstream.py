"""A service behind a feature, which does what a test tells it to."""
import http.server
import threading


class Upstream:
    """Answers each request by `act(handler, body)`; keeps what came."""

    def __init__(self, act):
        self.act = act
        self.seen = []  # (headers as [(lower-case name, value)], body)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.close_connection = True
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                outer.seen.append((
                    [(n.lower(), v) for n, v in self.headers.items()], body))
                outer.act(self, body)

            def log_message(self, format, *args):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    def url(self, host="127.0.0.1", path="/work"):
        return f"http://{host}:{self.port}{path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def head(handler, status=200, content_type="text/plain", length=None):
    """The head of an answer; without a length it ends with the
    connection."""
    handler.send_response(status)
    if content_type is not None:
        handler.send_header("Content-Type", content_type)
    if length is not None:
        handler.send_header("Content-Length", str(length))
    handler.send_header("Connection", "close")
    handler.end_headers()


def answering(data, status=200, content_type="text/plain"):
    def act(handler, _):
        head(handler, status, content_type, len(data))
        handler.wfile.write(data)
    return act
