"""What a database says against a statement that somebody wrote, and in which of its lines."""

from __future__ import annotations

import re

import duckdb

from data.errors import CairnError

_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)
_KIND = re.compile(r"^(?:\w+ )*?Error: ")


class StatementRefused(CairnError):
    """A statement cannot be run."""

    def __init__(self, what: str, line: int | None) -> None:
        super().__init__(what, "", "correct the statement")
        self.line = line
        """The line of the statement, from 1; None where the database names none."""


class TookTooLong(StatementRefused):
    """A statement did not end in the time it was given."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it did not end within {seconds:g} seconds", None)


def refused_statement(error: duckdb.Error) -> StatementRefused:
    """What the database says in one line, without its own advice and drawing."""
    text = str(error)
    found = _LINE.search(text)
    said = _KIND.sub("", text.split("\n", maxsplit=1)[0]).strip()
    return StatementRefused(said.rstrip("!."), int(found[1]) if found else None)
