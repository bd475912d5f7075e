"""A statement with its parameters written in: what an auditor runs again."""

from __future__ import annotations

import re
from datetime import date, datetime

from data.controls.outcome import Statement


def filled(statement: Statement) -> str:
    """The statement as it runs on a snapshot without anything beside it."""
    return re.sub(r"\$(\w+)", lambda name: literal(statement.parameters[name[1]]), statement.sql)


def literal(value: object) -> str:
    """A value as DuckDB reads it.

    Raises:
        TypeError: if there is no literal for it.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        kind = "timestamptz" if isinstance(value, datetime) else "date"
        return f"{kind} '{value}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(one) for one in value)}]"
    raise TypeError(f"no SQL literal for {type(value).__name__}")
