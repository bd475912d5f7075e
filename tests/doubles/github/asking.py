"""Asks the double over real HTTP, as tests do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import requests

from tests.connectors.loopback import LoopbackServer
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.view import REST

GRAPHQL = "/api/graphql"


class Asker:
    """Who asks: an address and a token."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token
        self._session = requests.Session()
        self._session.trust_env = False

    def get(
        self, path: str, headers: Mapping[str, str] | None = None, **params: str | int
    ) -> requests.Response:
        """Asks for a path below the API, or for a whole address; redirects are not followed."""
        url = path if path.startswith("http") else self.url + REST + path
        return self._ask("GET", url, headers, params=params)

    def post(self, path: str, json: Any = None) -> requests.Response:
        """Posts to a path below the API."""
        return self._ask("POST", self.url + REST + path, None, json=json)

    def graphql(self, question: str, **variables: Any) -> Any:
        """Asks GraphQL; returns the whole answer."""
        body = {"query": question, "variables": variables}
        return self._ask("POST", self.url + GRAPHQL, None, json=body).json()

    def pages(self, path: str, **params: str | int) -> Iterator[requests.Response]:
        """Asks for all pages of a list."""
        answer = self.get(path, None, **params)
        yield answer
        while following := answer.links.get("next"):
            answer = self.get(following["url"])
            yield answer

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str] | None, **told: Any
    ) -> requests.Response:
        said = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self._session.request(
            method, url, headers=said, timeout=30, allow_redirects=False, **told
        )


@contextmanager
def asked(double: GitHubDouble, token: str) -> Iterator[Asker]:
    """Serves a double and asks it with a token."""
    with LoopbackServer(double) as server, closing(Asker(server.url, token)) as asker:
        yield asker
