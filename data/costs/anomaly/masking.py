"""Changes that take each other back: in the sum of a team or of a service neither is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

from data.costs.anomaly.anomaly import Anomaly

_TAKEN_BACK = Decimal("0.75")
"""So much of the larger must be taken back by the smaller, day by day."""


def masked(found: Sequence[Anomaly]) -> Iterator[Anomaly]:
    """Yields each anomaly with the ids of those that mask it."""
    more = [one for one in found if one.amount > 0]
    less = [one for one in found if one.amount < 0]
    by_id: dict[str, set[str]] = {}
    for one, other in product(more, less):
        if _mask(one, other):
            by_id.setdefault(one.id, set()).add(other.id)
            by_id.setdefault(other.id, set()).add(one.id)
    for one in found:
        yield replace(one, masked_by=tuple(sorted(by_id.get(one.id, ()))))


def _mask(one: Anomaly, other: Anomaly) -> bool:
    """Whether two stand in one sum, on half of the days of either, and nearly balance."""
    is_together = one.key.team == other.key.team or (
        (one.key.service, one.key.provider) == (other.key.service, other.key.provider)
    )
    if not is_together or one.days_in_common(other) * 2 < max(one.days, other.days):
        return False
    sizes = sorted((abs(one.amount / one.days), abs(other.amount / other.days)))
    return sizes[0] >= _TAKEN_BACK * sizes[1]
