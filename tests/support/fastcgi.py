"""A request as a web server sends it to florind's own socket."""
import socket
import struct

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6
RESPONDER = struct.pack(">HB5x", 1, 0)
RECORD_MAX = 65528


def record(kind, data=b""):
    return struct.pack(">BBHHBx", 1, kind, 1, len(data), 0) + data


def stream(kind, data):
    """Data in records, and the end mark."""
    return b"".join(record(kind, data[at:at + RECORD_MAX])
                    for at in range(0, len(data), RECORD_MAX)) + record(kind)


def length(number):
    return struct.pack(">B" if number < 128 else ">I",
                       number | (0 if number < 128 else 1 << 31))


def encode(params, body=b""):
    """`params`: pairs of name and value."""
    pairs = b"".join(
        length(len(name)) + length(len(value)) + name + value for name, value
        in ((name.encode(), value.encode()) for name, value in params))
    return (record(BEGIN, RESPONDER) + stream(PARAMS, pairs)
            + stream(STDIN, body))


class Answer:
    """What came on the standard output: a head as of CGI, and a body."""

    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        pairs = [line.split(": ", 1) for line in head.decode().split("\r\n")
                 if line]
        self.headers = {name.lower(): value for name, value in pairs}
        self.status = int(self.headers.get("status", "0").split()[0])


def read_answer(sock):
    """The answer up to its end record; None if the peer just closes."""
    out = b""
    with sock.makefile("rb") as file:
        while len(head := file.read(8)) == 8:
            _, kind, _, size, padding = struct.unpack(">BBHHBx", head)
            data = file.read(size + padding)[:size]
            if kind == STDOUT:
                out += data
            if kind == END:
                return Answer(out)
    return None


def ask(path, params, body=b"", seconds=10):
    """One request on a connection of its own."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(seconds)
        sock.connect(str(path))
        sock.sendall(encode(params, body))
        return read_answer(sock)


def get(path, target):
    """The parameters that our nginx sends for a GET, and the answer."""
    return ask(path, [("REQUEST_METHOD", "GET"), ("REQUEST_URI", target),
                      ("PATH_INFO", target), ("QUERY_STRING", ""),
                      ("REMOTE_ADDR", "127.0.0.1")])
