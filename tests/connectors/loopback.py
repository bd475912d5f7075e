"""A real HTTP server on 127.0.0.1 that answers, and misbehaves, as a test tells it."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.http.retry import Timing
from connectors.http.session import Http


@dataclass(frozen=True)
class Asked:
    """A request as the server received it."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    target: str = ""
    """Path and query as they were sent."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What the server sends back."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: Any, status: int = 200, **headers: str) -> Answer:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        kind = {"Content-Type": "application/json"}
        return cls(status, json.dumps(value).encode(), {**kind, **named})


class Reset:
    """Closes the connection with a TCP reset and no answer."""


class Silence:
    """Accepts the question and never answers while the test runs."""


@dataclass(frozen=True)
class Broken:
    """Announces a longer body than it sends."""

    sent: bytes = b'{"half": '
    announced: int = 1000


@dataclass(frozen=True)
class Garbage:
    """Sends bytes that are no HTTP."""

    sent: bytes = b"\x16\x03\x01SSH-2.0-nonsense\r\n\r\n"


@dataclass(frozen=True)
class Endless:
    """Sends a body in pieces that never ends."""

    piece: bytes = b"[" * 65536


OK = Answer.json({"ok": True})
Said = Answer | Reset | Silence | Broken | Garbage | Endless


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up on a server that misbehaves is what the tests are about.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class LoopbackServer:
    """Serves until it is left; counts and keeps what it was asked."""

    def __init__(self, answer: Callable[[Asked], Said], tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.is_over = threading.Event()
        self._answer = answer
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._scheme = "http"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> LoopbackServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _serve(self) -> None:
                parts = urlsplit(self.path)
                asked = Asked(
                    self.command,
                    parts.path,
                    {name: values[-1] for name, values in parse_qs(parts.query).items()},
                    {name.lower(): text for name, text in self.headers.items()},
                    self.rfile.read(int(self.headers.get("Content-Length", 0))),
                    self.path,
                )
                server.asked.append(asked)
                _say(self, server._answer(asked), server.is_over)

            do_GET = do_POST = _serve  # noqa: N815 - the names the base class calls

            def send_response(self, code: int, message: str | None = None) -> None:
                # The default adds a Date of its own, which a fake clock contradicts.
                self.send_response_only(code, message)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        return Handler


Serve = Callable[..., LoopbackServer]


def in_turn(answers: Iterable[Said]) -> Callable[[Asked], Said]:
    """Gives one answer after the other; a question too many fails the test that asked it."""
    rest = iter(answers)
    nothing_left = Answer.json({"message": "the test has no answer left"}, 418)
    return lambda asked: next(rest, nothing_left)


def timing(time: FakeTime) -> Timing:
    return Timing(time.now, time.sleep, lambda: 0.0)


def client(server: LoopbackServer, time: FakeTime, **settings: Any) -> Http:
    return Http(server.url, timing(time), **settings)


def _say(handler: BaseHTTPRequestHandler, said: Said, is_over: threading.Event) -> None:
    handler.close_connection = not isinstance(said, Answer)
    match said:
        case Answer():
            handler.send_response(said.status)
            for name, text in said.headers.items():
                handler.send_header(name, text)
            handler.send_header("Content-Length", str(len(said.body)))
            handler.end_headers()
            handler.wfile.write(said.body)
        case Broken():
            handler.send_response(200)
            handler.send_header("Content-Length", str(said.announced))
            handler.end_headers()
            handler.wfile.write(said.sent)
        case Garbage():
            handler.wfile.write(said.sent)
        case Silence():
            is_over.wait(20)
        case Endless():
            handler.send_response(200)
            handler.send_header("Content-Length", str(10**12))
            handler.end_headers()
            _pour(handler, said.piece, is_over)
        case Reset():
            # Lingering for no time turns the close into a reset.
            linger = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.connection.shutdown(socket.SHUT_RD)


def _pour(handler: BaseHTTPRequestHandler, piece: bytes, is_over: threading.Event) -> None:
    try:
        while not is_over.is_set():
            handler.wfile.write(piece)
    except OSError:
        return


class FakeTime:
    """A clock that moves only when someone sleeps on it."""

    def __init__(self, at: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)) -> None:
        self.at = at
        self.slept: list[float] = []
        self.ticks_seconds = 0.0
        """How far it moves each time it is looked at."""

    def now(self) -> datetime:
        self.at += timedelta(seconds=self.ticks_seconds)
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)
