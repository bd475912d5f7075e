"""What people of the invented organisation said of unusual cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from data.costs.anomaly.anomaly import Anomaly, Key, Kind
from data.costs.anomaly.answered import about
from data.decisions.book import Book
from data.decisions.cost_anomaly import Verdict, say

_MACHINES, _PETREL = "Virtual Machines", "Petrel Cloud"
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Answer:
    team: str
    kind: Kind
    first: date
    last: date
    amount: str
    """More or less than usual, as it was seen then."""
    verdict: Verdict
    by: str
    reason: str
    decided_at: datetime
    service: str = _MACHINES
    provider: str = _PETREL


_ANSWERS = (
    _Answer("fleet", Kind.DOWN, date(2026, 2, 10), date(2026, 2, 17), "-764.13",
            Verdict.EXPLAINED, "fleet lead", "the gateway of the trucks is down",
            datetime(2026, 2, 13, 8, 40, tzinfo=UTC)),
    _Answer("fleet", Kind.UP, date(2026, 2, 18), date(2026, 2, 21), "823.17",
            Verdict.EXPLAINED, "fleet lead", "a backfill makes up for the days of the gateway",
            datetime(2026, 2, 20, 9, 5, tzinfo=UTC)),
    _Answer("payments", Kind.UP, date(2026, 3, 1), date(2026, 3, 23), "6533.68",
            Verdict.ACKNOWLEDGED, "payments lead", "looking into it",
            datetime(2026, 3, 4, 10, 15, tzinfo=UTC)),
    _Answer("payments", Kind.UP, date(2026, 3, 1), date(2026, 3, 23), "6533.68",
            Verdict.EXPLAINED, "payments lead", "both clusters run until the move is over",
            datetime(2026, 3, 9, 15, 30, tzinfo=UTC)),
    _Answer("warehouse", Kind.DOWN, date(2026, 7, 13), date(2026, 7, 19), "-869.96",
            Verdict.DISMISSED, "warehouse lead", "a week of holidays at two depots",
            datetime(2026, 7, 21, 1, 20, tzinfo=UTC)),
    _Answer("storefront", Kind.UP, date(2026, 9, 12), date(2026, 9, 17), "2133.01",
            Verdict.ACKNOWLEDGED, "storefront lead", "the search index is built over and over",
            datetime(2026, 9, 16, 7, 50, tzinfo=UTC)),
)  # fmt: skip


def decide_answers(folder: Path) -> None:
    """Records them, once each.

    Raises:
        DecisionsRefused: if the file cannot be written.
    """
    book = Book(folder)
    for one in _ANSWERS:
        key = Key(one.team, one.service, one.provider)
        found = Anomaly(
            key, one.kind, one.first, one.last, Decimal(one.amount), _NOTHING, one.first
        )
        say(book, about(found, "EUR"), one.verdict, (one.by, one.reason), one.decided_at)
