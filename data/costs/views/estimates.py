"""What sources estimate and never bill: part of effective cost, and of no sum of billed cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from data.costs.views.asked import Asked, answered
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one source estimates of one account in a month and currency."""

    source: str
    account: str
    billing_month: date
    currency: str
    charges: int
    effective_cost: Decimal | None
    """None: not all of it is told."""


def estimates(snapshot: Snapshot, asked: Asked) -> tuple[Estimate, ...]:
    """What is estimated of what is asked for, the newest month first."""
    return tuple(Estimate(**row) for row in answered(snapshot, "estimates", asked))
