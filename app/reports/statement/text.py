"""A statement as text, for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.cli.output import table
from app.reports.statement import tables
from app.reports.statement.shown import NOTHING_BILLED, Shown

_LATE = ("what", "why", "whose", "account", "service", "currency", "amount")


def as_text(shown: Shown) -> bytes:
    """What each has, and why the sum is right."""
    told = shown.statement
    parts = [
        f"{told.organisation}: {shown.title}\n{shown.state}{_missing(shown)}",
        _sums(shown),
        table([_cells(row) for row in tables.proof(shown)]),
        table([_cells(row) for row in tables.checks(shown)]),
    ]
    estimated = list(tables.estimated(shown))
    if estimated:
        parts.append(f"Estimated, and in no sum above:\n{table(estimated)}")
    late = [row for row in tables.lines(shown) if row["why"]]
    if late:
        parts.insert(2, table([{name: row[name] for name in _LATE} for row in late]))
    currency, total, why = shown.reported()
    if currency is not None and not shown.is_estimated:
        told_total = why or f"{total:,}{tables.without(shown)}"
        parts.insert(2, f"in {currency}: {told_total}")
    return ("\n\n".join(parts) + "\n").encode()


def _missing(shown: Shown) -> str:
    words = tables.missing_words(shown)
    return f"\n{': '.join(words)}" if words else ""


def _sums(shown: Shown) -> str:
    rows = [_cells(row) for row in tables.sums(shown)]
    if shown.is_estimated:
        return NOTHING_BILLED
    return table(rows) if rows else "nothing is charged: all of it comes to 0"


def _cells(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: f"{one:,}" if isinstance(one, Decimal) else one for name, one in row.items()}
