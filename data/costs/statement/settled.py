"""What was charged in the months that are closed, and what of it has changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from data.costs.statement.content import Key, Kind, Line, Statement

AS_KEPT = "Each closed month is, by hash and by sums, what was kept when it was closed"
"""What must hold of closed months: if it does not, nothing is settled and no statement made."""

Charged = Mapping[tuple[date, Key], Decimal]
"""By billing month and key, what is charged in all."""


@dataclass(frozen=True, slots=True)
class Settled:
    """All that closed statements say, in their months and as changes of months before."""

    last: date | None = None
    """The last month that is closed; None: none is. Months before it are settled with it."""
    charged: Charged = field(default_factory=dict)
    closed: int = 0
    """How many months are closed, each held against what was kept."""

    def is_settled(self, month: date) -> bool:
        """Whether a month is closed, or lies before one that is."""
        return self.last is not None and month <= self.last

    def changes(self, now: Sequence[Line]) -> Iterator[Line]:
        """What settled months come to now, and were not charged for.

        A month that had no bills when a later one was closed changed by all that it comes to.

        Args:
            now: the lines of all months, as the bills have them.
        """
        due = dict(self.charged)
        found = _added(line for line in now if self.is_settled(line.period))
        for month, key in {**due, **found}:
            more = found.get((month, key), Decimal(0)) - due.get((month, key), Decimal(0))
            if more:
                yield Line(month, Kind.CHANGE, month, key, more, more)


NOTHING_SETTLED = Settled()


def settled(closed: Iterable[Statement]) -> Settled:
    """What closed statements settle."""
    some = tuple(closed)
    last = max((one.month for one in some), default=None)
    return Settled(last, _added(line for one in some for line in one.lines), len(some))


def _added(lines: Iterable[Line]) -> dict[tuple[date, Key], Decimal]:
    sums: dict[tuple[date, Key], Decimal] = {}
    for line in lines:
        about = line.period, line.key
        sums[about] = sums.get(about, Decimal(0)) + line.exact
    return sums
