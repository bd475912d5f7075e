"""What a double was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from tests.connectors.loopback import Asked

Match = str | Callable[[Asked], bool]
"""A regular expression found in `told(asked)`, or a judgement of the question."""


class Questions(list[Asked]):
    """Questions in the order they came."""

    def like(self, match: Match) -> Questions:
        """Picks those that match."""
        return Questions(asked for asked in self if matches(match, asked))


def told(asked: Asked) -> str:
    """Writes a question as one line: method, path, parameters; of GraphQL name and variables."""
    line = f"{asked.method} {asked.path}"
    if asked.params:
        line += "?" + "&".join(f"{name}={text}" for name, text in asked.params.items())
    if asked.path.endswith("/graphql"):
        question = re.search(rb"(?:query|mutation) +(\w+)", asked.body)
        line += f" {question[1].decode() if question else ''} {_variables(asked.body)}"
    return line


def matches(match: Match, asked: Asked) -> bool:
    """Tells whether a question is meant."""
    return bool(re.search(match, told(asked))) if isinstance(match, str) else match(asked)


def _variables(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body).get("variables"))
    except (ValueError, AttributeError):
        return "null"
