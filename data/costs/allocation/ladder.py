"""The bounds that rules compare a number or moment with, and where a charge stands between them.

Hardly two charges have one amount, yet all between two bounds are alike to rules: these see on
which rung a charge stands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from data.costs.allocation.book import Book
from data.costs.allocation.dimension import dimension
from data.costs.allocation.matched import Matched
from data.costs.allocation.span import Bound, Span, span

DAY = "ChargePeriodStart"
"""The column that says whether a rule holds yet."""


@dataclass(frozen=True)
class Ladder:
    """The bounds of one column, from the least on."""

    bounds: tuple[Bound, ...]

    def rung(self, value: str) -> str:
        """SQL of how many bounds a value has reached; null of no value."""
        reached = "".join(f" + cast({value} >= {_literal(one)} as integer)" for one in self.bounds)
        return f"case when {value} is not null then 0{reached} end"

    def holds(self, rung: str, wanted: Span[Decimal] | Span[datetime]) -> str:
        """SQL of whether a value on a rung lies in a span."""
        parts = []
        if wanted.first is not None:
            parts.append(f"{rung} >= {self._reached(wanted.first)}")
        if wanted.until is not None:
            parts.append(f"{rung} < {self._reached(wanted.until)}")
        return f"({' and '.join(parts)})"

    def _reached(self, bound: Bound) -> int:
        return bisect_left(self.bounds, bound) + 1


def begun(day: date) -> Span[datetime]:
    """The time from a day on."""
    return Span(datetime(day.year, day.month, day.day, tzinfo=UTC))


def ladders(book: Book) -> Mapping[str, Ladder]:
    """By column, the bounds that rules and activities compare it with."""
    found: dict[str, set[Bound]] = {}
    matched: tuple[Matched, ...] = (*book.rule, *book.activity)
    for one in matched:
        for column, bounds in _compared(one):
            found.setdefault(column, set()).update(bounds)
    return {column: Ladder(tuple(sorted(bounds))) for column, bounds in found.items()}


def _compared(one: Matched) -> Iterator[tuple[str, tuple[Bound, ...]]]:
    for day in (one.from_, one.until):
        if day is not None:
            yield DAY, begun(day).bounds
    for name, words in (*one.match.items(), *one.unless.items()):
        found = dimension(name)
        if found is not None and found.is_ordered:
            for word in words:
                yield name, span(word, found.type).bounds if word.strip() else ()


def _literal(bound: Bound) -> str:
    if isinstance(bound, Decimal):
        return f"cast('{bound:f}' as decimal(38, 12))"
    return f"timestamptz '{bound.isoformat()}'"
