"""Lets PyGithub ask through the house's own session: its addresses and tokens, our manners."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import requests
from github.Requester import (
    HTTPRequestsConnectionClass,
    HTTPSRequestsConnectionClass,
    Requester,
    RequestsResponse,
)

from connectors.http.reply import Reply
from connectors.http.session import Http

_INJECTING = threading.Lock()


class Wire:
    """What PyGithub sends goes through here."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.reply: Reply | None = None
        """The last answer, as it was sent."""

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Makes every requester that is made inside the block send through this wire."""
        with _INJECTING:
            Requester.injectConnectionClasses(*_connections(self))
            try:
                yield
            finally:
                Requester.resetConnectionClasses()


class _Answered(RequestsResponse):
    """Tells PyGithub that all is well, and nothing else.

    From an answer it would log bodies, sleep at a 202, follow a 301 without its query, and stumble
    over headers that are no numbers. The answer itself is `Wire.reply`.
    """

    def __init__(self) -> None:
        self.status = HTTPStatus.OK
        self.headers = requests.structures.CaseInsensitiveDict()

    def read(self) -> str:
        return ""


def _connections(
    wire: Wire,
) -> tuple[type[HTTPRequestsConnectionClass], type[HTTPSRequestsConnectionClass]]:
    """PyGithub makes connections by class, so a class must know the wire."""

    class Speaking:
        protocol = "http"

        def __init__(self, host: str, port: int | None = None, **_settings: Any) -> None:
            self.host = host
            name = f"[{host}]" if ":" in host else host
            self._place = f"{self.protocol}://{name}" + (f":{port}" if port else "")

        def request(
            self,
            verb: str,
            url: str,
            input: Any,  # noqa: A002 - PyGithub's own name
            headers: dict[str, str],
            stream: bool = False,  # noqa: ARG002 - the whole body is read, always
        ) -> None:
            self._request = requests.Request(
                verb, f"{self._place}{url}", headers=headers, data=input
            )

        def getresponse(self) -> _Answered:
            wire.reply = wire.http.send(self._request)
            return _Answered()

        def close(self) -> None:
            wire.http.close()

    class Http(Speaking, HTTPRequestsConnectionClass):
        pass

    class Https(Speaking, HTTPSRequestsConnectionClass):
        protocol = "https"

    return Http, Https
