"""Rows of a page of costs as a file that says what it is of, amounts to the last digit."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.cli.output import harmless
from app.components.taken import download
from data.costs.definition import cost_sql
from data.costs.money import exact
from data.costs.views.asked import Asked, view_sql
from data.store.snapshot import Snapshot
from data.trail.exported import Export, Through

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Extract:
    """What a file is of."""

    snapshot: str
    as_of: datetime
    name: str
    """What the file is called after."""
    definition: str
    """What defines its rows."""
    title: str
    asked: Asked
    chosen: Mapping[str, str | None]
    """What else the rows were chosen by."""

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        view: str,
        title: str,
        asked: Asked,
        chosen: Mapping[str, str | None] | None = None,
    ) -> Extract:
        """The answer to a question of a page, by the name of its SQL file."""
        defined = _defined(f"data/costs/views/{view}.sql", view_sql(view))
        return cls(snapshot.id, snapshot.as_of, view, defined, title, asked, chosen or {})

    @classmethod
    def of_lines(
        cls, snapshot: Snapshot, title: str, asked: Asked, chosen: Mapping[str, str | None]
    ) -> Extract:
        """Lines of bills."""
        defined = _defined("data/costs/sql/charge_line.sql", cost_sql("charge_line"))
        return cls(snapshot.id, snapshot.as_of, "lines", defined, title, asked, chosen)

    @property
    def filters(self) -> dict[str, str | None]:
        """What the rows were chosen by; None is all."""
        asked = self.asked
        month = f"{asked.month:%Y-%m}" if asked.month else None
        return {"billing month": month, "currency": asked.currency, "source": asked.source,
                "cost": asked.cost.value, **self.chosen}  # fmt: skip


def csv_of(extract: Extract, rows: Iterable[Row]) -> bytes:
    """The rows as CSV in UTF-8; the first lines, marked `#`, say of what."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([f"# {line}"] for line in _preamble(extract))
    for index, row in enumerate(rows):
        if not index:
            writer.writerow(row)
        writer.writerow([harmless(_text(value)) for value in row.values()])
    return text.getvalue().encode()


def csv_button(
    extract: Extract,
    rows: Callable[[], Iterable[Row]] | Sequence[Row],
    *,
    count: int,
    key: str,
    label: str = "As CSV",
) -> None:
    """Shows a button that hands out the rows, exact, and logs that.

    Args:
        extract: what they are of.
        rows: all of them, or what reads them when the button is pressed.
        count: how many there are.
        key: of the button.
        label: what it says.
    """

    def made() -> bytes:
        return csv_of(extract, rows() if callable(rows) else rows)

    export = Export(
        subject=extract.name,
        title=f"{extract.title} as CSV",
        through=Through.PAGE,
        account=None,
        definition=extract.definition,
        filters=extract.filters,
        snapshot=extract.snapshot,
        rows=count,
    )
    parts = [extract.name, *(value for value in extract.filters.values() if value)]
    name = re.sub(r"[^\w.-]+", "-", "_".join(parts))
    download(label, made, f"{name}.csv", export, key=key)


def _defined(name: str, sql: str) -> str:
    return f"{name}, sha256 {hashlib.sha256(sql.encode()).hexdigest()}"


def _preamble(extract: Extract) -> Iterator[str]:
    yield extract.title
    for name, value in extract.filters.items():
        yield f"{name}: {value or 'all'}"
    yield f"snapshot: {extract.snapshot}, complete until {extract.as_of.isoformat()}"
    yield f"definition: {extract.definition}"
    yield "amounts: exact, in the currency of the bill; times: UTC"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return exact(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return " > ".join(map(_text, value))
    return str(value)
