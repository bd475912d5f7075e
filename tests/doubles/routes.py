"""Which function of a double answers which address."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.connectors.loopback import Asked

if TYPE_CHECKING:
    from tests.doubles.exchange import Given, Token

Answering = Callable[..., Any]
"""Gets the double, the question, the token and the parts of the address by name."""

_PART = re.compile(r"\{(\w+)(:path)?\}")


class NoRoute(LookupError):
    """No function answers this address."""


class Routes:
    """A table of addresses such as `/repos/{owner}/{name}`; `{path:path}` takes slashes too."""

    def __init__(self) -> None:
        self.templates: dict[str, Answering] = {}
        """`GET /repos/{owner}` to what answers it, in the order they are tried."""
        self._patterns: list[tuple[str, re.Pattern[str], str, Answering]] = []

    def get(self, *templates: str) -> Callable[[Answering], Answering]:
        """Marks a function that answers GET."""
        return self._mark("GET", templates)

    def post(self, *templates: str) -> Callable[[Answering], Answering]:
        """Marks a function that answers POST."""
        return self._mark("POST", templates)

    def _mark(self, method: str, templates: tuple[str, ...]) -> Callable[[Answering], Answering]:
        def mark(answering: Answering) -> Answering:
            for template in templates:
                self.templates[f"{method} {template}"] = answering
                pattern = re.compile(_PART.sub(_group, template))
                self._patterns.append((method, pattern, template, answering))
            return answering

        return mark

    def find(self, method: str, path: str) -> tuple[str, Answering, dict[str, str]]:
        """Returns template, function and the parts of the address, decoded.

        Raises:
            NoRoute: if nothing answers it.
        """
        for known_method, pattern, template, answering in self._patterns:
            found = pattern.fullmatch(path) if known_method == method else None
            if found:
                parts = {name: unquote(text) for name, text in found.groupdict().items()}
                return template, answering, parts
        raise NoRoute(f"{method} {path}")

    def answer(self, double: Any, asked: Asked, token: Token) -> Given:
        """Asks the function that answers a question.

        Raises:
            NoRoute: if nothing answers it.
            Problem: if it refuses.
        """
        _, answering, parts = self.find(asked.method, asked.path)
        given: Given = answering(double, asked, token, **parts)
        return given


def _group(part: re.Match[str]) -> str:
    return f"(?P<{part[1]}>.+)" if part[2] else f"(?P<{part[1]}>[^/]+)"
