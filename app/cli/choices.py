"""Decisions about many members of a review, from a CSV file that a person filled in."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from data.decisions.reviewing import Chosen, ReviewRefused, verdict_of
from data.errors import CairnError

_MOST_BYTES = 20_000_000
_NEEDED = ("member", "decision")
_FIX = "write it with `cairn access-review show ID --format csv`, and fill in `decision`"


def choices(path: Path, reason: str) -> tuple[Chosen, ...]:
    """Reads the rows that have a decision; those without are left for later.

    Args:
        path: a file with the columns `member`, `decision` and `reason`; others are not read.
        reason: of each row that has none of its own.

    Raises:
        ReviewRefused: naming file and line, if it is no such file, or says what cannot be.
    """
    return tuple(_chosen(path, line, row, reason) for line, row in _rows(path))


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    text = _text(path)
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = reader.fieldnames or ()
        missing = [name for name in _NEEDED if name not in names]
        if missing:
            raise ReviewRefused(f"has no column `{missing[0]}`", str(path), _FIX)
        for row in reader:
            if None in row or None in row.values():
                what = "has more or fewer cells than its head"
                raise ReviewRefused(what, f"{path}, line {reader.line_num}", "mend that line")
            if row["decision"].strip():
                yield reader.line_num, row
    except csv.Error as error:
        where = f"{path}, line {reader.line_num}"
        raise ReviewRefused(f"is no CSV ({error})", where, "mend that line") from error


def _chosen(path: Path, line: int, row: Mapping[str, str], reason: str) -> Chosen:
    try:
        verdict = verdict_of(row["decision"].strip().lower())
    except CairnError as error:
        raise ReviewRefused(error.what, f"{path}, line {line}", error.fix) from error
    return Chosen(row["member"].strip(), verdict, row.get("reason", "").strip() or reason)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise ReviewRefused(what, str(path), "name a file that can") from error
    if len(content) > _MOST_BYTES:
        raise ReviewRefused(f"has more than {_MOST_BYTES:,} bytes", str(path), "split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        where = f"{path}, line {line}"
        raise ReviewRefused("is not UTF-8", where, "save it as CSV UTF-8") from error
