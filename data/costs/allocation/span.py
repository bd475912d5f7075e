"""What rules say of numbers and moments: `< 0`, `>= 10 and < 100`, `2026-03`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal
from typing import Generic, TypeVar

from data.costs.bill.column import Type

Value = TypeVar("Value", Decimal, datetime)
Bound = Decimal | datetime
_NUMBER = re.compile(r"-?[0-9]{1,25}(\.[0-9]{1,12})?", re.ASCII)
_STEP = Decimal("0.000000000001")
"""The last place that an amount of a bill has."""
_EXACT = Context(prec=38)
_INSTANT = timedelta(microseconds=1)
"""The least time that the database tells apart."""
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(r"[0-9-]{10}T[0-9:]{5,8}(\.[0-9]{1,6})?Z", re.ASCII)


@dataclass(frozen=True)
class Span(Generic[Value]):
    """Values from a first one until before another; None: however small, or large."""

    first: Value | None = None
    until: Value | None = None

    @property
    def bounds(self) -> tuple[Value, ...]:
        """Those that it has."""
        return tuple(bound for bound in (self.first, self.until) if bound is not None)

    @property
    def is_empty(self) -> bool:
        """Whether no value lies in it."""
        return self.first is not None and self.until is not None and self.first >= self.until

    def within(self, other: Span[Value]) -> Span[Value]:
        """What lies in both."""
        firsts = [one.first for one in (self, other) if one.first is not None]
        untils = [one.until for one in (self, other) if one.until is not None]
        return Span(max(firsts, default=None), min(untils, default=None))


def span(text: str, kind: Type) -> Span[Decimal] | Span[datetime]:
    """The values that fit a text.

    Args:
        text: a number or a time, with a comparison before it or none; several are joined by `and`.
            Of a time, a year, month or day is all of it, in UTC.
        kind: decimal or moment.

    Raises:
        ValueError: saying what to write.
    """
    if kind is Type.DECIMAL:
        return _all(text, _number)
    return _all(text, _time)


def _all(text: str, read: Callable[[str], Span[Value]]) -> Span[Value]:
    found: Span[Value] = Span()
    for part in re.split(r"\s+and\s+", text.strip()):
        found = found.within(_compared(part, read))
    if found.is_empty:
        raise ValueError("no value is all of that at once: leave a part out")
    return found


def _compared(text: str, read: Callable[[str], Span[Value]]) -> Span[Value]:
    rest = text.lstrip("<=>")
    one = read(rest.strip())
    match text.removesuffix(rest):
        case "<":
            return Span(None, one.first)
        case "<=":
            return Span(None, one.until)
        case ">":
            return Span(one.until)
        case ">=":
            return Span(one.first)
        case "" | "=":
            return one
    raise ValueError("a comparison is one of `<`, `<=`, `>`, `>=`, `=`")


def _number(text: str) -> Span[Decimal]:
    if not _NUMBER.fullmatch(text):
        raise ValueError(
            "write a number of up to twelve decimal places, or a comparison, such as `< 0` or "
            "`>= 10 and < 99.5`"
        )
    value = Decimal(text)
    return Span(value, _EXACT.add(value, _STEP))


def _time(text: str) -> Span[datetime]:
    try:
        return _period(text)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            "write a year, a month, a day or a moment in UTC, or a comparison, such as `2026-03`, "
            "`< 2026-03-15` or `>= 2026-03-01T12:00Z`"
        ) from error


def _period(text: str) -> Span[datetime]:
    if _YEAR.fullmatch(text):
        first = datetime.fromisoformat(f"{text}-01-01T00:00Z")
        return Span(first, first.replace(year=first.year + 1))
    if _MONTH.fullmatch(text):
        first = datetime.fromisoformat(f"{text}-01T00:00Z")
        return Span(first, (first + timedelta(days=31)).replace(day=1))
    if _DAY.fullmatch(text):
        first = datetime.fromisoformat(f"{text}T00:00Z")
        return Span(first, first + timedelta(days=1))
    if _MOMENT.fullmatch(text):
        first = datetime.fromisoformat(text)
        return Span(first, first + _INSTANT)
    raise ValueError(text)
