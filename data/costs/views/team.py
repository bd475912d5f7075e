"""What one team is charged: its part of each pool, and what of nobody's could be its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from data.costs.allocation.bucket import Bucket
from data.costs.views.asked import answered
from data.costs.views.told import Told
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Pooled:
    """What a team has of one pool, on one way."""

    pool: str
    title: str | None
    path: tuple[str, ...]
    bucket: Bucket
    method: str
    driver: str | None
    teams: int
    """How many share it."""
    rows: int
    amount: Decimal | None
    """None: a rate is missing, or a bill does not tell this cost."""
    whole: Decimal | None
    """All that fell into the pool."""

    @property
    def ratio(self) -> Decimal | None:
        """The team's part of the pool, from 0 to 1, over the months asked for."""
        if self.amount is None or self.whole is None or self.whole <= 0:
            return None
        return self.amount / self.whole


@dataclass(frozen=True, slots=True)
class Unowned:
    """A resource that nobody has in a month."""

    billing_month: date
    resource: str | None
    """What it is called."""
    resource_id: str | None
    resource_type: str | None
    service: str | None
    account: str
    sub_account: str | None
    region: str | None
    currency: str
    reason: str | None
    tags: str | None
    rows: int
    amount: Decimal | None
    """None: no bill tells it."""
    is_near: bool
    """Whether the team has charges in the same account and service."""
    bill: str | None
    """File of the line of its largest charge."""
    bill_row: int | None


def pooled(snapshot: Snapshot, told: Told) -> tuple[Pooled, ...]:
    """What a team has of each pool, the dearest first."""
    return tuple(map(_pooled, _answered(snapshot, "team_pools", told)))


def unowned(snapshot: Snapshot, told: Told) -> tuple[Unowned, ...]:
    """Resources that nobody has, those near the team first: at most 500."""
    return tuple(Unowned(**row) for row in _answered(snapshot, "team_nobody", told))


def _answered(snapshot: Snapshot, name: str, told: Told) -> Sequence[dict[str, Any]]:
    return answered(snapshot, name, told.asked, **told.parameters)


def _pooled(row: dict[str, Any]) -> Pooled:
    path = tuple(one or "" for one in row["path"])
    return Pooled(**{**row, "path": path, "bucket": Bucket(row["bucket"])})
