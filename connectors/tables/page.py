"""Pages of a table: some of its lines as they stand in the file, and what they mean.

One page is one JSON object: `file`, `layout`, `columns`, `typed`; `rows`, each the number of its
line and its cells; `refused`, the same of those that are not taken; and in the last page of a file
`summary`: how many rows it has, how many are refused, and why the first of them are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from connectors.interface import Json
from connectors.tables.rows import RowMaker
from connectors.tables.settings import Layout
from connectors.tables.table import Line, Table
from data.model import Gap, GapReason, Record

MOST_SHOWN = 20
"""Refused rows that a gap names; the others are counted."""


class Refusal(NamedTuple):
    """Why a row is not taken."""

    line: int
    column: str | None
    why: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{where}: {self.why}"


class Summary(NamedTuple):
    """What the whole file came to."""

    rows: int
    refused: int
    shown: Sequence[Refusal]


def write_page(
    file: str,
    layout: Layout,
    table: Table,
    rows: Iterable[Line],
    refused: Iterable[Line],
    summary: Summary | None,
) -> bytes:
    """The page; `summary` belongs into the last one."""
    page = {
        "file": file,
        "layout": layout.model_dump(mode="json", exclude_defaults=True),
        "columns": list(table.columns),
        "typed": dict(table.typed),
        "rows": [[line.number, *line.cells] for line in rows],
        "refused": [[line.number, *line.cells] for line in refused],
        "summary": summary,
    }
    return json.dumps(page, sort_keys=True).encode()


def gone_page(file: str) -> bytes:
    """The page that says that a file is no more."""
    return json.dumps({"file": file, "rows": [], "summary": None}, sort_keys=True).encode()


def page_rows(source: str, payload: bytes) -> list[Record]:
    """The records of a page."""
    page = json.loads(payload)
    records: list[Record] = []
    if page["rows"]:
        layout = Layout.model_validate(page["layout"])
        maker = RowMaker(source, page["file"], layout, page["columns"], page["typed"])
        records += [maker.row(Line(number, cells)) for number, *cells in page["rows"]]
    return [*records, *_gap(source, page["file"], page["summary"])]


def _gap(source: str, file: str, told: Json) -> Iterator[Gap]:
    if told is None or not told[1]:
        return
    summary = Summary(told[0], told[1], [Refusal(*each) for each in told[2]])
    rest = summary.refused - len(summary.shown)
    named = "; ".join([*map(str, summary.shown), *([f"and {rest} more"] if rest else [])])
    yield Gap(
        id=f"table:{source}#gap/{file}/refused",
        source=source,
        reason=GapReason.UNREADABLE,
        what=f"{file}: {summary.refused} of {summary.rows} rows are refused: {named}",
        fix="correct them in the file, or what the mapping says of their columns",
        count=summary.refused,
    )
