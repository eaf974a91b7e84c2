"""A real HTTP server on this machine that serves small plans, and misbehaves where a test asks for it."""

import gzip
import hashlib
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TEXT = b"Plan de gouvernement ouvert de Valmorne (lieu imaginaire). "


def pdf(words: int = 40) -> bytes:
    """A file that looks like a PDF to whoever checks its first and last bytes."""
    return b"%PDF-1.4\n" + TEXT * words + b"\n%%EOF\n"


def html() -> bytes:
    return b"<!DOCTYPE html><html><body><h1>Plan</h1><p>" + TEXT + b"</p></body></html>"


class Faulty(BaseHTTPRequestHandler):
    """Answers by the table `routes` of its server: path -> function of the handler."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:  # noqa: N802
        with self.server.lock:
            self.server.requests.append((time.monotonic(), self.path, dict(self.headers.items())))
        route = self.server.routes.get(self.path)
        self.close_connection = True
        try:
            if route:
                route(self)
            else:
                self.reply(404, html(), "text/html")
        except (BrokenPipeError, ConnectionResetError):
            pass

    def reply(self, status: int, body: bytes = b"", kind: str = "application/pdf", **headers: Any) -> None:
        self.start(status, len(body), kind, **headers)
        self.wfile.write(body)

    def start(self, status: int, length: int | None, kind: str = "application/pdf", **headers: Any) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Faulty)
        self.routes: dict[str, Callable[[Faulty], None]] = {}
        self.requests: list[tuple[float, str, dict[str, str]]] = []
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.requests]

    def file(self, path: str, body: bytes, kind: str = "application/pdf", **headers: Any) -> str:
        """Serves `body` at `path`; gives its address."""
        return self.route(path, lambda handler: handler.reply(200, body, kind, **headers))

    def redirect(self, path: str, location: str) -> str:
        return self.route(path, lambda handler: handler.reply(302, b"", "text/html", Location=location))

    def answers(self, path: str, *routes: Callable[[Faulty], None]) -> str:
        """One function a request, the last one for all that follow."""
        left = list(routes)
        return self.route(path, lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler))

    def resumable(self, path: str, body: bytes, cut: int, marks: list[str]) -> str:
        """The body under the first mark of `marks` (ETags; the last one stays); the first answer breaks after `cut`."""
        first = [True]

        def serve(handler: Faulty) -> None:
            mark = marks.pop(0) if len(marks) > 1 else marks[0]
            begin = 0
            if handler.headers.get("If-Range") == mark:
                begin = int(handler.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            if begin:
                span = f"bytes {begin}-{len(body) - 1}/{len(body)}"
                handler.reply(206, body[begin:], ETag=mark, Content_Range=span)
                return
            handler.start(200, len(body), ETag=mark)
            handler.wfile.write(body[:cut] if first.pop() or first.append(False) else body)
            first.append(False)

        return self.route(path, serve)

    def route(self, path: str, function: Callable[[Faulty], None]) -> str:
        self.routes[path] = function
        return self.address + path


def drip(seconds: float) -> Callable[[Faulty], None]:
    """Sends one byte every 50 ms for `seconds`: never silent, never done."""

    def serve(handler: Faulty) -> None:
        handler.start(200, 500_000, ETag='"slow"')
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            handler.wfile.write(b"%PDF-"[:1])
            handler.wfile.flush()
            time.sleep(0.05)

    return serve


def drip_header(seconds: float) -> Callable[[Faulty], None]:
    """The same within the header."""

    def serve(handler: Faulty) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.05)

    return serve


def compressed_bomb(mebibytes: int) -> bytes:
    """Zeros that unpack to `mebibytes`, a thousandth of that on the wire."""
    return gzip.compress(b"\0" * (mebibytes * 2**20), 9, mtime=0)


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
