"""Costs in one currency: that of reporting over all bills, or that of the bills asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from data.costs.rates.reported import reported
from data.costs.views.asked import Asked, Cost, answered
from data.costs.views.compared import Compared, compared
from data.store.snapshot import Snapshot

_NOTHING = Decimal(0)


class By(StrEnum):
    """What costs are told apart by."""

    TEAM = "team"
    SERVICE = "service"
    CATEGORY = "category"
    PROVIDER = "provider"
    ACTIVITY = "activity"
    BUCKET = "bucket"


@dataclass(frozen=True, slots=True)
class Told:
    """What is asked, and in which currency it is told."""

    asked: Asked
    currency: str
    is_reporting: bool
    """Whether amounts of several bills are converted into it."""
    teams: tuple[str, ...] = ()
    """A team with those below it; none: all of them, and what nobody has."""
    compared: Compared | None = None
    """How much of the month is held against others; None: all of it."""

    def of(self, *teams: str) -> Told:
        """The same of a team, with those below it."""
        return replace(self, teams=teams)

    @property
    def parameters(self) -> Mapping[str, object]:
        """What the SQL files name beside what is asked."""
        cut = self.compared
        return {
            "reporting": self.is_reporting,
            "team": list(self.teams) or None,
            "first_days": cut.days if cut else None,
            "newest": cut.month if cut else None,
        }


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the costs that are ours. An amount that is None is not there, or not known."""

    name: str | None
    """None: nothing says which."""
    nobody: str | None
    """Of teams, the bucket of what no team has."""
    rows: int
    """Parts of charges."""
    rows_before: int
    """In all of the month before."""
    charges: int | None
    """Each once, into however many parts it is split; None: parts of one can lie apart."""
    lacking: int
    """Rows without a rate, so that the sum is not known."""
    lacking_before: int
    lacking_year_before: int
    untold: int
    """Rows of which the bill does not tell this cost, so that the sum is not known."""
    untold_before: int
    untold_year_before: int
    amount: Decimal | None
    alike: Decimal | None
    """Of the days that are compared: of a month that still runs the first ones."""
    before: Decimal | None
    """In as many days of the month before."""
    year_before: Decimal | None


@dataclass(frozen=True, slots=True)
class Paid:
    """What there is of one currency of the bills."""

    currency: str
    reporting_currency: str | None
    amount: Decimal | None
    """None: a bill does not tell this cost."""
    reported: Decimal | None
    """None: a rate is missing, or a bill does not tell this cost."""
    least_rate: Decimal | None
    most_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Billed:
    """How far the bills of one account reach."""

    source: str
    account: str
    first_month: date
    last_month: date
    until_day: date
    months: int
    missing: int
    """Months in between without a bill."""
    files: int
    last_invoice: str | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Had:
    """What one part had in one month."""

    amount: Decimal | None
    """None: not known, for one of the two reasons below, or both."""
    lacking: int
    """Rows without a rate."""
    untold: int
    """Rows of which the bill does not tell this cost."""


Months = Mapping[date, Mapping[str, Had]]
"""By billing month, what each part had."""


def reporting_currency(snapshot: Snapshot) -> str | None:
    """That in which sums over all bills are told; None: bills are in several, and none is named."""
    rows = snapshot.remembered("select any_value(reporting_currency) as name from charge_day")
    name: str | None = rows[0]["name"] if rows else None
    return name


def told_in(snapshot: Snapshot, asked: Asked) -> Told:
    """Tells costs in the currency asked for; of all bills in that of reporting, if there is one."""
    cut = compared(snapshot, asked)
    if asked.currency is not None:
        return Told(asked, asked.currency, is_reporting=False, compared=cut)
    currency = reporting_currency(snapshot) or ""
    return Told(asked, currency, is_reporting=True, compared=cut)


def why_not(snapshot: Snapshot, told: Told) -> str | None:
    """Why there is no sum of what is asked for; None: there is one, or nothing was billed."""
    if not told.is_reporting:
        return None
    given = {"billing_month": told.asked.month, "source": told.asked.source}
    chosen: dict[str, object] = {name: one for name, one in given.items() if one is not None}
    parts = ["bucket <> 'excluded'", *(f"{name} = ${name}" for name in chosen)]
    if told.asked.cost is Cost.BILLED:
        parts.append("not is_estimate")
    if told.teams:
        chosen["teams"] = list(told.teams)
        parts.append("list_contains($teams, team)")
    where = " and ".join(parts)
    found = reported(snapshot, where, chosen)
    return found.why if found.missing else None


def parts(snapshot: Snapshot, told: Told, by: By) -> tuple[Part, ...]:
    """The parts of a month, the dearest first; what nobody has comes last."""
    rows = answered(snapshot, "told_parts", told.asked, by=by.value, **told.parameters)
    return tuple(_part(row) for row in rows)


def months(snapshot: Snapshot, told: Told, by: By) -> Months:
    """The parts of all months there are bills of, whichever one is asked for."""
    found: dict[date, dict[str, Had]] = {}
    rows = answered(snapshot, "told_months", told.asked, by=by.value, **told.parameters)
    for row in rows:
        name = row["part"] or row["nobody"] or ""
        had = Had(row["amount"], row["lacking"], row["untold"])
        found.setdefault(row["billing_month"], {})[name] = had
    return found


def paid(snapshot: Snapshot, told: Told) -> tuple[Paid, ...]:
    """What there is of each currency, the largest first, also of those not asked for."""
    rows = answered(snapshot, "told_currencies", told.asked, team=told.parameters["team"])
    return tuple(Paid(**row) for row in rows)


def billed(snapshot: Snapshot, asked: Asked) -> tuple[Billed, ...]:
    """How far the bills of each account reach."""
    return tuple(Billed(**row) for row in answered(snapshot, "told_sources", asked))


def whole(parts: Sequence[Part]) -> Part:
    """All parts together; a sum that lacks one of them is not known."""
    lacking, untold = sum(one.lacking for one in parts), sum(one.untold for one in parts)
    lacking_before = sum(one.lacking_before for one in parts)
    untold_before = sum(one.untold_before for one in parts)
    lacking_year_before = sum(one.lacking_year_before for one in parts)
    untold_year_before = sum(one.untold_year_before for one in parts)
    charges = [one.charges for one in parts if one.charges is not None]
    return Part(
        None, None, sum(one.rows for one in parts), sum(one.rows_before for one in parts),
        sum(charges) if len(charges) == len(parts) else None,
        lacking, lacking_before, lacking_year_before, untold, untold_before, untold_year_before,
        _sum((one.amount for one in parts), lacking + untold),
        _sum((one.alike for one in parts), lacking + untold),
        _sum((one.before for one in parts), lacking_before + untold_before),
        _sum((one.year_before for one in parts), lacking_year_before + untold_year_before),
    )  # fmt: skip


def _part(row: Mapping[str, Any]) -> Part:
    return Part(**{"name" if key == "part" else key: value for key, value in row.items()})


def _sum(amounts: Iterable[Decimal | None], unknown: int) -> Decimal | None:
    """None where rows of it are unknown, or nothing is there."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, _NOTHING) if known and not unknown else None
