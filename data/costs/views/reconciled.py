"""Why the sum is right: what came in, where it went, what lies between, and which bills hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from data.costs.allocation.bucket import Bucket
from data.costs.views.asked import Asked, answered, has_table, view_sql
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Sum:
    """What bills hold, and where it went: exact, in one currency."""

    currency: str
    rows: int
    """Rows of the bills."""
    amount: Decimal
    """Their sum, as it was read."""
    buckets: Mapping[Bucket, Decimal]
    """Where it went."""
    out: Decimal
    """The sum of what was allocated."""

    @property
    def difference(self) -> Decimal:
        """What was lost on the way, or made up."""
        return self.amount - self.out

    @property
    def adds_up(self) -> bool:
        """Whether nothing was: to the last digit."""
        return not self.difference and sum(self.buckets.values()) == self.out


@dataclass(frozen=True, slots=True)
class Line:
    """The same of one account, billing month and invoice."""

    source: str
    account: str
    month: date
    invoice: str | None
    sum: Sum
    is_told: bool = True
    """Whether its bills tell the cost that is asked for; if not, its amounts mean nothing."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a bill that was delivered."""

    source: str
    name: str
    sha256: str
    version: str
    form: str
    delivery: str
    view: str
    """Which costs it tells: `whole` (both), `billed` or `effective`."""
    written_at: datetime
    rows: int
    taken: int
    refused: int
    parts: int
    held: int
    """Of its parts (account, billing month, invoice, currency) those that hold."""
    again: int
    """Those that hold under the name of another file."""
    replaced: int
    first_month: date | None
    last_month: date | None
    accounts: str | None
    replaced_by: str | None

    @property
    def holds(self) -> bool:
        """Whether any of it counts."""
        return self.held > 0


class State(StrEnum):
    """How a check stands."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """Something that it needs is not told, or some of what it compares is not there."""
    NOT_APPLICABLE = "not_applicable"
    """There is nothing that it could compare."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold of all costs of a snapshot."""

    id: str
    title: str
    state: State
    compared: int
    """Things that were looked at."""
    broken: int
    unknown: int
    rows: tuple[Mapping[str, Any], ...] | None = None
    """What is against it, of a check that no snapshot holds; None: the snapshot does."""


def lines(snapshot: Snapshot, asked: Asked) -> tuple[Line, ...]:
    """One line an account, billing month and invoice."""
    return tuple(_line(row) for row in answered(snapshot, "reconciliation", asked))


def sums(lines: Sequence[Line]) -> tuple[Sum, ...]:
    """One sum a currency, the one with most rows first; without what no bill tells."""
    found: dict[str, list[Sum]] = {}
    for line in lines:
        if line.is_told:
            found.setdefault(line.sum.currency, []).append(line.sum)
    return tuple(sorted(map(_added, found.values()), key=lambda one: (-one.rows, one.currency)))


def files(snapshot: Snapshot, asked: Asked) -> tuple[File, ...]:
    """The files that were delivered, those that hold first."""
    return tuple(_file(row) for row in answered(snapshot, "files", asked))


def checks(snapshot: Snapshot) -> tuple[Check, ...]:
    """What was checked when the snapshot was made; none: an older version made it."""
    if not has_table(snapshot, "cost_check"):
        return ()
    rows = snapshot.remembered(view_sql("checks"))
    return tuple(Check(**{**row, "state": State(row["state"])}) for row in rows)


def against(snapshot: Snapshot, check: Check) -> list[dict[str, Any]]:
    """What a check found broken or could not know, the broken first: at most 1,000 rows."""
    if check.rows is not None:
        return [dict(row) for row in check.rows]
    told = {"check": check.id}
    return snapshot.rows(view_sql("against"), told)


def _line(row: Mapping[str, Any]) -> Line:
    buckets = {bucket: row[bucket.value] for bucket in Bucket}
    told = Sum(row["currency"], row["rows_in"], row["amount_in"], buckets, row["amount_out"])
    return Line(
        row["source"], row["account"], row["billing_month"], row["invoice"], told, row["is_told"]
    )


def _added(some: Sequence[Sum]) -> Sum:
    nothing = Decimal(0)
    return Sum(
        some[0].currency,
        sum(one.rows for one in some),
        sum((one.amount for one in some), nothing),
        {bucket: sum((one.buckets[bucket] for one in some), nothing) for bucket in Bucket},
        sum((one.out for one in some), nothing),
    )


def _file(row: Mapping[str, Any]) -> File:
    told = {name.removeprefix("file_").removeprefix("parts_"): one for name, one in row.items()}
    return File(**told)
