"""A small threaded HTTP/1.1 server for one WSGI application, connections kept alive.

Werkzeug's own closes each connection after one answer, which would make every text dearer.
"""

import io
import logging
import socketserver
import sys
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import unquote_to_bytes

from flask import Flask

_LARGEST_BODY = 1024 * 1024
_LONGEST_LINE = 65536
_MOST_HEADERS = 100
_IDLE_S = 60
HANG_UP = "Local-Hang-Up"
"""A response with this header is never written; the connection is closed instead."""

log = logging.getLogger(__name__)


class BadRequestError(Exception):
    """What came is not a request this server understands; the number is the status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Listens from the moment it is made. OSError when the port is taken."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 512

    def __init__(self, host: str, port: int, app: Flask) -> None:
        self.app = app
        super().__init__((host, port), _Connection)

    @property
    def port(self) -> int:
        """The one really bound, also when 0 was asked for."""
        return int(self.socket.getsockname()[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A broken connection is the client's affair; all else is a mistake of ours."""
        error = sys.exception()
        if not isinstance(error, OSError):
            log.error("a request failed", exc_info=error)


class _Connection(socketserver.StreamRequestHandler):
    """Serves the requests of one connection, one after the other."""

    server: Server
    timeout = _IDLE_S
    disable_nagle_algorithm = True
    wbufsize = -1
    reasons: ClassVar[dict[int, str]] = {status.value: status.phrase for status in HTTPStatus}

    def handle(self) -> None:
        try:
            while self._serve_one():
                pass
        except BadRequestError as refusal:
            self._write(f"{refusal.status} {self.reasons[refusal.status]}", [], b"", keep=False)
        except OSError:
            return

    def _serve_one(self) -> bool:
        """True when the connection stays open."""
        first = self._line()
        if not first:
            return False
        parts = first.split()
        if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
            raise BadRequestError(400)
        environ = self._environ(*parts)
        keep = _keeps(parts[2], environ.get("HTTP_CONNECTION", ""))
        status, headers, body = self._run(environ)
        if any(name == HANG_UP for name, _ in headers):
            return False
        self._write(status, headers, b"" if parts[0] == "HEAD" else body, keep=keep)
        return keep

    def _environ(self, method: str, target: str, version: str) -> dict[str, Any]:
        path, _, query = target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": target,
            "SERVER_PROTOCOL": version,
            "SERVER_NAME": self.server.server_address[0],
            "SERVER_PORT": str(self.server.server_address[1]),
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": str(self.client_address[1]),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        environ.update(self._headers())
        environ["wsgi.input"] = io.BytesIO(self._body(environ))
        return environ

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        for _ in range(_MOST_HEADERS):
            line = self._line()
            if not line:
                return headers
            name, colon, value = line.partition(":")
            if not colon:
                raise BadRequestError(400)
            key = name.strip().upper().replace("-", "_")
            headers[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value.strip()
        raise BadRequestError(431)

    def _body(self, environ: dict[str, Any]) -> bytes:
        if "HTTP_TRANSFER_ENCODING" in environ:
            raise BadRequestError(411)
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal():
            raise BadRequestError(400)
        if int(length) > _LARGEST_BODY:
            raise BadRequestError(413)
        if environ.get("HTTP_EXPECT", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        return self.rfile.read(int(length))

    def _line(self) -> str:
        """Without its end; empty at the end of the headers or of the connection."""
        line = self.rfile.readline(_LONGEST_LINE + 1)
        if len(line) > _LONGEST_LINE:
            raise BadRequestError(431)
        return line.decode("latin-1").rstrip("\r\n")

    def _run(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
            started[:] = [status, headers]

        answer: Iterable[bytes] = self.server.app(environ, start_response)
        try:
            body = b"".join(answer)
        finally:
            if (close := getattr(answer, "close", None)) is not None:
                close()
        return started[0], started[1], body

    def _write(self, status: str, headers: list[tuple[str, str]], body: bytes, *, keep: bool) -> None:
        """One packet where it fits; the length is always said."""
        head = [f"HTTP/1.1 {status}"]
        head += [f"{name}: {value}" for name, value in headers if name.lower() != "content-length"]
        if not status.startswith("204"):
            head.append(f"Content-Length: {len(body)}")
        head.append(f"Connection: {'keep-alive' if keep else 'close'}")
        self.wfile.write("\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body)
        self.wfile.flush()


def _keeps(version: str, connection: str) -> bool:
    wish = connection.lower()
    return "close" not in wish and (version != "HTTP/1.0" or "keep-alive" in wish)
