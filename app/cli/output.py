"""How answers and errors are written: text for people, CSV for sheets, JSON for programs."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import click

from data.errors import CairnError

FORMATS = ("text", "json", "csv")

_STEERING = ("Cc", "Cs", "Zl", "Zp")
"""Categories of Unicode that steer a terminal, or are no text."""
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidirectional controls: they show a text in another order than it is read by a program."""

Row = Mapping[str, Any]


def emit(style: str, rows: Sequence[Row], envelope: Mapping[str, Any] | None = None) -> None:
    """Writes rows to standard output; JSON wraps them in the envelope.

    The envelope of an answer from a snapshot is `snapshot, as_of, definition, scope`; other
    verbs leave out what does not apply.
    """
    if style == "json":
        document = {"snapshot": None, "as_of": None, "definition": None, "scope": None}
        click.echo(json.dumps({**document, **(envelope or {}), "rows": list(rows)}, default=_plain))
    elif style == "csv":
        click.echo(_csv(rows), nl=False)
    elif rows:
        click.echo(table(rows))


def report_error(error: CairnError) -> None:
    """Writes one line to standard error."""
    report(f"{place(error.where)}{error.what}; {error.fix}")


def report(line: str) -> None:
    """Writes one line to standard error."""
    click.echo(f"cairn: {printable(' '.join(line.split()))}", err=True)


def place(where: str) -> str:
    """What a line begins with that tells where: `/x/../y` reads `/y`."""
    if where.startswith("/") and "/../" in where:
        path, comma, line = where.partition(", line ")
        where = os.path.realpath(path) + comma + line
    return f"{where}: " if where else ""


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"cannot write {type(value).__name__} as JSON")


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
        writer.writerows([harmless(_cell(value)) for value in row.values()] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay as they are."""
    if cell[:1] in "=+-@\t\r" and cell and not _is_number(cell):
        return f"'{cell}"
    return cell


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return json.dumps(value, default=_plain)
    return str(value)


def table(rows: Sequence[Row]) -> str:
    """Rows in columns for people; a column that is empty in every row is left out."""
    names = [name for name in rows[0] if any(row[name] not in (None, "") for row in rows)]
    cells = [[_short(name, row[name]) for name in names] for row in rows]
    widths = [max(_width(line[i]) for line in (names, *cells)) for i in range(len(names))]
    lines = [names, ["-" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _width(text: str) -> int:
    """How many places of a line a text takes: a joiner none, an ideograph two."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(sign) in ("Cf", "Mn", "Me")
        else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )


def _short(name: str, value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    text = printable(_cell(value)) or "–"
    return text if name != "title" or len(text) <= 60 else text[:59] + "…"


def printable(text: str) -> str:
    """Foreign text without what would steer a terminal or hide text; all its spaces are plain."""
    return text if text.isprintable() else "".join(_printable(sign) for sign in text)


def _printable(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Zs":
        return " "
    return "\ufffd" if category in _STEERING or sign in _REORDERING else sign
