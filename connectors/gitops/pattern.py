"""Placeholders: what a path of a configuration repository says about service and environment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data.configuration import compiled

Captures = Mapping[str, str]
"""Text of each placeholder, by its name."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FILLED = re.compile(r"\{([^{}]*)\}")


class PathPattern:
    """A path with placeholders, such as `apps/{namespace}/{service}/{environment:prod|stg}.yaml`.

    `{name}` stands for any text within one folder or file name, `{name:regex}` for what the
    regular expression matches. A placeholder named twice must match the same text twice. `*`
    stands for any text within one name, `**` for any text.
    """

    def __init__(self, text: str) -> None:
        """Compiles the pattern.

        Raises:
            ValueError: if a brace is not closed, a name is none, or an expression is wrong.
        """
        self.text = text
        expressions: list[str] = []
        names: list[str] = []
        for literal, name, expression in _parts(text):
            expressions.append(_literal(literal))
            if name in names:
                expressions.append(f"(?P={name})")
            elif name:
                names.append(name)
                expressions.append(f"(?P<{name}>{expression or '[^/]+'})")
        try:
            self._regex = compiled("".join(expressions))
        except ValueError as error:
            raise ValueError(f"{text!r} {error}") from None
        self.names = frozenset(self._regex.groupindex)

    def match(self, path: str) -> Captures | None:
        """What the placeholders stand for in `path`; None if the path is not of this form."""
        found = self._regex.fullmatch(path)
        return found.groupdict("") if found else None


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders to fill in, such as `{namespace}-{service}`."""

    text: str

    @property
    def names(self) -> frozenset[str]:
        """The placeholders it needs."""
        return frozenset(_FILLED.findall(self.text))

    def fill(self, captures: Captures) -> str | None:
        """The text with every placeholder replaced; None if one is not known."""
        if not self.names <= captures.keys():
            return None
        return _FILLED.sub(lambda found: captures[found[1]], self.text)


def placeholder(text: str) -> str | None:
    """The name in a text that is nothing but one placeholder, such as `{service}`."""
    found = _FILLED.fullmatch(text)
    return found[1] if found else None


def _parts(text: str) -> Iterator[tuple[str, str, str]]:
    """Cuts a pattern into literal text, the placeholder after it, and its expression."""
    start = 0
    while (opening := text.find("{", start)) >= 0:
        closing = _closing_brace(text, opening)
        name, _, expression = text[opening + 1 : closing].partition(":")
        if not _NAME.fullmatch(name):
            raise ValueError(f"{text!r} has a placeholder named {name!r}; use letters and digits")
        yield text[start:opening], name, expression
        start = closing + 1
    yield text[start:], "", ""


def _closing_brace(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError(f"{text!r} opens a brace that it does not close")


def _literal(text: str) -> str:
    wild = {"*": "[^/]*", "**": ".*"}
    return "".join(wild.get(part) or re.escape(part) for part in re.split(r"(\*\*?)", text))
