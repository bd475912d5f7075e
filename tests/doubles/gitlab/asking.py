"""Asks the double over real HTTP, as tests of the double do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.connectors.loopback import LoopbackServer
from tests.doubles.gitlab.double import GitLabDouble

QUESTIONS = Path(__file__).parents[3] / "connectors" / "gitlab" / "api" / "questions"
TOKEN = "glpat-for-tests-only"


class Asker:
    """A session that asks one double."""

    def __init__(self, double: GitLabDouble, url: str, token: str = TOKEN) -> None:
        self.double = double
        self.url = url
        self._session = requests.Session()
        self._session.headers["PRIVATE-TOKEN"] = token

    def get(
        self, path: str, *, headers: dict[str, str] | None = None, **params: Any
    ) -> requests.Response:
        """Asks REST; an absolute address is asked as it is."""
        url = path if path.startswith("http") else f"{self.url}/api/v4/{path}"
        return self._session.get(url, params=params, headers=headers, allow_redirects=False)

    def json(self, path: str, **params: Any) -> Any:
        """Asks REST and returns what it says.

        Raises:
            requests.HTTPError: if it refuses.
        """
        answer = self.get(path, **params)
        answer.raise_for_status()
        return answer.json()

    def pages(self, path: str, **params: Any) -> Iterator[list[Any]]:
        """Follows a list to its end by the Link header."""
        answer = self.get(path, **params)
        while True:
            yield answer.json()
            if "next" not in answer.links:
                return
            answer = self.get(answer.links["next"]["url"])

    def all(self, path: str, **params: Any) -> list[Any]:
        """Returns all items of a list."""
        return [item for page in self.pages(path, **params) for item in page]

    def question(self, name: str, **variables: Any) -> Any:
        """Asks one of the connector's GraphQL questions."""
        text = (QUESTIONS / f"{name}.graphql").read_text(encoding="utf-8")
        return self.graphql(text, **variables)

    def graphql(self, text: str, **variables: Any) -> Any:
        """Asks GraphQL."""
        body = {"query": text, "variables": variables}
        return self._session.post(f"{self.url}/api/graphql", json=body).json()


@contextmanager
def asking(double: GitLabDouble, token: str = TOKEN) -> Iterator[Asker]:
    """Serves a double, with a token that may do all, while it is asked."""
    double.add_token(TOKEN, "dev-1")
    with LoopbackServer(double) as server:
        yield Asker(double, server.url, token)
