"""The statement of an open month, from the bills that hold: blocked while they do not add up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from data.costs.allocation.bucket import Bucket
from data.costs.statement.blocking import refuse_broken, refuse_unknown
from data.costs.statement.content import (
    BillIn,
    Checked,
    Estimated,
    Key,
    Kind,
    Line,
    Missing,
    RateUsed,
    Reconciled,
    Statement,
)
from data.costs.statement.month import named, next_month
from data.costs.statement.refusal import NoStatement
from data.costs.statement.rounding import in_cents
from data.costs.statement.settled import AS_KEPT, NOTHING_SETTLED, Settled
from data.store.snapshot import Snapshot

_FOLDER = Path(__file__).with_name("sql")
_CHECKS = "select title, state, compared from cost_check order by nth"
_RULES = """
    select distinct rule_version
    from charge_day
    where date_trunc('month', billing_month) = cast($month as date)
    order by rule_version
"""


@cache
def statement_sql(name: str) -> str:
    """The SELECT of a part of a statement."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def make(
    snapshot: Snapshot, organisation: str, month: date, before: Settled = NOTHING_SETTLED
) -> Statement:
    """The statement of a month that is not closed.

    Args:
        snapshot: the bills and how they are allocated.
        organisation: whose it is.
        month: first day of the billing month.
        before: what was charged in the months that are closed.

    Raises:
        NoStatement: if the month has no bills, or lies before one that is closed.
        StatementBlocked: naming what does not add up.
    """
    if before.is_settled(month):
        raise settled_without(month, before)
    found = lines_until(snapshot, month)
    own = [line for line in found if line.period == month]
    told = {"month": month}
    unknown = snapshot.rows(statement_sql("unknown"), {**told, "settled": before.last})
    refuse_unknown(unknown)
    reconciled = tuple(map(_reconciled, snapshot.rows(statement_sql("reconciled"), told)))
    estimates = tuple(map(_estimated, snapshot.rows(statement_sql("estimates"), told)))
    if not reconciled:
        raise _without_bills(month, is_estimated=bool(estimates))
    refuse_broken(snapshot, reconciled)
    changes = tuple(before.changes(found)) if _is_first_open(month, snapshot, before) else ()
    return Statement(
        month=month,
        organisation=organisation,
        snapshot=snapshot.id,
        as_of=snapshot.as_of,
        rules=tuple(row["rule_version"] for row in snapshot.rows(_RULES, told)),
        lines=in_cents([*own, *changes]),
        bills=tuple(BillIn(**row) for row in snapshot.rows(statement_sql("bills"), told)),
        reconciled=reconciled,
        checks=(*(Checked(**row) for row in snapshot.rows(_CHECKS)), _as_kept(before)),
        estimates=estimates,
        missing=tuple(Missing(**row) for row in snapshot.rows(statement_sql("missing"), told)),
        rates=_rates(snapshot, month, {line.key.currency for line in (*own, *changes)}),
    )


def months(snapshot: Snapshot) -> tuple[date, ...]:
    """The billing months of the bills that hold, oldest first; estimates bill nothing."""
    rows = snapshot.rows(
        """
        select distinct cast(date_trunc('month', from_at) as date) as month
        from bill_in_effect
        where not is_estimate
        order by month
        """
    )
    return tuple(row["month"] for row in rows)


def settled_without(month: date, before: Settled) -> NoStatement:
    """The error of a month of which nothing was charged when a later one was closed."""
    last = named(before.last) if before.last else ""
    what = f"{named(month)} has no statement: {last} was closed while it had none"
    fix = "what bills say of it now is in the statement of the first open month, as corrections"
    return NoStatement(what, "", fix)


def _without_bills(month: date, *, is_estimated: bool) -> NoStatement:
    what = f"there are no bills of {named(month)}"
    if is_estimated:
        what += ": estimates alone, of which nothing is billed"
    return NoStatement(what, "", "name another month, or bring its bills and run `cairn sync`")


def _as_kept(before: Settled) -> Checked:
    """What was settled before was held against what was kept, or it would not be here."""
    return Checked(AS_KEPT, "holds" if before.closed else "not_applicable", before.closed)


def _is_first_open(month: date, snapshot: Snapshot, before: Settled) -> bool:
    return not any(one < month and not before.is_settled(one) for one in months(snapshot))


def lines_until(snapshot: Snapshot, month: date) -> list[Line]:
    """What bills come to of all months up to one, which counts too."""
    rows = snapshot.rows(statement_sql("lines"), {"until": next_month(month)})
    return [_line(row) for row in rows]


def _line(row: Mapping[str, Any]) -> Line:
    key = Key(
        row["team"],
        row["currency"],
        row["provider"],
        row["account"],
        row["service"],
        Bucket(row["bucket"]),
    )
    kind = Kind.CORRECTION if row["origin"] else Kind.CHARGE
    return Line(row["period"], kind, row["origin"], key, row["billed"], row["billed"])


def _estimated(row: Mapping[str, Any]) -> Estimated:
    return Estimated(**{**row, "bucket": Bucket(row["bucket"])})


def _reconciled(row: Mapping[str, Any]) -> Reconciled:
    return Reconciled(
        row["account"],
        row["invoice"],
        row["currency"],
        row["rows"],
        row["billed"],
        {bucket: row[bucket.value] for bucket in Bucket},
        row["amount"],
    )


def _rates(snapshot: Snapshot, month: date, currencies: Collection[str]) -> tuple[RateUsed, ...]:
    """The rates of the last day of the month; while it runs, of the last day that is known."""
    read = [datetime.fromisoformat(one["read_at"]) for one in snapshot.manifest["sources"]]
    known = max(snapshot.as_of, *read).date()
    day = min(next_month(month) - timedelta(days=1), known)
    rows = snapshot.rows(statement_sql("rates"), {"day": day})
    return tuple(RateUsed(**row) for row in rows if row["base"] in currencies)
