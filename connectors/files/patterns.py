"""Which paths a pattern means: `*` within a name, `**` for folders, `?` for one character."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PART = re.compile(r"(\*\*/|\*\*|\*|\?)")
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class Patterns:
    """Several patterns, of which one must fit a path below the folder that is read."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._regex = re.compile("|".join(map(_expression, patterns)) or "(?!)", re.DOTALL)

    def fit(self, path: str) -> bool:
        """Whether one of them means this path."""
        return self._regex.fullmatch(path) is not None


def _expression(pattern: str) -> str:
    parts = _PART.split(pattern)
    return "".join(_MEANING.get(part) or re.escape(part) for part in parts)
