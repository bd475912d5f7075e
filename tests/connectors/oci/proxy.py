"""A server before a registry, that counts what it is asked and answers as a test tells it."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.connectors.loopback import Answer, Asked, LoopbackServer, Said

_PASSED_ON = ("authorization", "accept", "content-type")
_PASSED_BACK = ("content-type", "docker-content-digest", "www-authenticate", "link", "location")


class HeadServer(LoopbackServer):
    """A server that can be asked for headers alone."""

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        base: Any = super()._handler()

        class Handler(base):  # type: ignore[misc]  # made for each server
            do_HEAD = base.do_GET  # noqa: N815 - the name the base class calls

        return Handler


class Proxy:
    """Passes questions on to a registry, unless it is told otherwise."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.trouble: list[Said] = []
        """What the next questions get instead of an answer."""
        self.refused: Callable[[Asked], int] = lambda _: 0
        """The status with which a question is refused; 0: it is not."""
        self.damage: Callable[[Asked, Answer], Answer] = lambda _, answer: answer
        """What becomes of each answer on its way out."""

    def __call__(self, asked: Asked) -> Said:
        if self.trouble:
            return self.trouble.pop(0)
        status = self.refused(asked)
        if status:
            said = f"no, {asked.headers.get('authorization')}"
            body = b"" if asked.method == "HEAD" else said.encode()
            return Answer(status, body, {"X-Said": "no"})
        return self.damage(asked, self._pass_on(asked))

    def _pass_on(self, asked: Asked) -> Answer:
        connection = HTTPConnection(self.host, timeout=20)
        query = f"?{urlencode(asked.params)}" if asked.params else ""
        headers = {n: text for n, text in asked.headers.items() if n in _PASSED_ON}
        try:
            connection.request(asked.method, asked.path + query, headers=headers)
            reply = connection.getresponse()
            told = {n: text for n, text in reply.getheaders() if n.lower() in _PASSED_BACK}
            return Answer(reply.status, reply.read(), told)
        finally:
            connection.close()


def is_about(asked: Asked, repository: str, kind: str = "") -> bool:
    return re.match(rf"/v2/{repository}/{kind}", asked.path) is not None
