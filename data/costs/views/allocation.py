"""How costs were allocated: by which rules and pools, what nobody has, and what was refused."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from data.costs.allocation.bucket import Bucket
from data.costs.views.asked import Asked, Cost, answered, view_sql
from data.store.snapshot import Snapshot

Row = Mapping[str, Any]
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of our cost somebody has; what is excluded is not our cost."""

    cost: Cost
    total: Decimal | None
    """None: a bill does not tell this cost."""
    unallocated: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """1 − unallocated ÷ total; None where there is no total, or credits outweigh it."""
        if self.total is None or self.unallocated is None or self.total <= 0:
            return None
        return _ONE - self.unallocated / self.total


@dataclass(frozen=True, slots=True)
class Caught:
    """A rule, and what it caught."""

    nth: int | None
    """Place among the rules; None: what no rule matches."""
    rule: str | None
    act: str | None
    target: str | None
    from_day: date | None
    until_day: date | None
    match: Mapping[str, Sequence[str]]
    unless: Mapping[str, Sequence[str]]
    charges: int
    estimates: int
    """Charges of which it does not tell this cost, since nothing of an estimate is ever billed."""
    amount: Decimal | None
    """None: a bill does not tell the cost of some of it, or all of it is estimated."""
    first_day: date | None
    last_day: date | None
    share: Decimal | None
    """Of all that bills hold; None where that is nothing, or less."""

    @property
    def caught(self) -> int:
        """Charges and estimates."""
        return self.charges + self.estimates

    def holds_in(self, month: date | None) -> bool:
        """Whether it is in force on some day of a month; in any, if none is named."""
        if month is None:
            return True
        after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        return (self.from_day or date.min) < after and (self.until_day or date.max) > month


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool as the rules say it."""

    nth: int
    pool: str
    title: str
    split: str
    driver: str | None
    is_idle: bool
    fallback: tuple[str, ...]
    from_day: date | None
    until_day: date | None


@dataclass(frozen=True, slots=True)
class Part:
    """What one target has of a pool, of the charges of one month and on one way."""

    pool: str
    month: date
    path: tuple[str, ...]
    team: str | None
    bucket: Bucket
    method: str
    driver: str | None
    amount: Decimal | None
    """None: a bill does not tell this cost, or it is never billed."""
    is_never_billed: bool
    """Whether billed cost is asked for, and all of it is estimated."""
    ratio: Decimal | None


def coverage(snapshot: Snapshot, asked: Asked) -> tuple[Coverage, ...]:
    """Coverage of each cost of which there is any, in the one currency that is asked for."""
    rows = answered(snapshot, "coverage", asked)
    return tuple(
        Coverage(cost, row[cost.value], row[f"{cost.value}_unallocated"])
        for row in rows
        for cost in Cost
        if row[f"{cost.value}_rows"]
    )


def buckets(snapshot: Snapshot, asked: Asked) -> Mapping[date, Mapping[Bucket, Decimal | None]]:
    """What each bucket had, month by month; None: a bill does not tell this cost."""
    found: dict[date, dict[Bucket, Decimal | None]] = {}
    for row in answered(snapshot, "buckets", asked):
        found.setdefault(row["billing_month"], {})[Bucket(row["bucket"])] = row["amount"]
    return found


def rules(snapshot: Snapshot, asked: Asked) -> tuple[Caught, ...]:
    """All rules in their order, then what none matches."""
    return tuple(_caught(row) for row in answered(snapshot, "rules", asked))


def rules_version(snapshot: Snapshot) -> str:
    """What this state of the rules is called."""
    rows = snapshot.remembered("select version from cost_book")
    return str(rows[0]["version"]) if rows else "none"


def pools(snapshot: Snapshot) -> tuple[Pool, ...]:
    """All pools in their order."""
    rows = snapshot.remembered(view_sql("all_pools"))
    return tuple(Pool(**{**row, "fallback": tuple(row["fallback"] or ())}) for row in rows)


def parts(snapshot: Snapshot, asked: Asked) -> tuple[Part, ...]:
    """Who has what of each pool."""
    return tuple(_part(row) for row in answered(snapshot, "pools", asked))


def _part(row: Row) -> Part:
    told = {"path": tuple(row["path"]), "bucket": Bucket(row["bucket"])}
    return Part(**{**row, **told})


def _caught(row: Row) -> Caught:
    total, amount = row["total"], row["amount"]
    is_known = total is not None and amount is not None and total > 0
    share = amount / total if is_known else None
    told = {name: json.loads(row[name] or "{}") for name in ("match", "unless")}
    return Caught(**{**{k: v for k, v in row.items() if k != "total"}, **told, "share": share})
