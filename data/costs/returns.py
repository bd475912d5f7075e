"""What initiatives return: benefit by decisions and files, cost by bills and files, all sourced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from data.costs.rates.reported import reporting_sum
from data.decisions.benefit import Benefit
from data.period import Window
from data.store.snapshot import Snapshot

BILLS = "bills"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an amount is from."""

    amount: Decimal
    currency: str
    told_by: str
    """`bills`, the name of a file's measure, or what a decision names."""
    decision: str | None = None
    """Id of the decision; None: it is from a source."""


@dataclass(frozen=True, slots=True)
class Return:
    """One initiative in some days: benefit and cost, or why one of them is not known."""

    initiative: str
    benefit: tuple[Source, ...]
    cost: tuple[Source, ...]
    why: str | None
    """Why there is no return; None: there is."""

    @property
    def currency(self) -> str | None:
        """That of all amounts, if they have one."""
        found = {one.currency for one in (*self.benefit, *self.cost)}
        return found.pop() if len(found) == 1 else None

    @property
    def value(self) -> float | None:
        """How many times its cost it is worth."""
        if self.why is not None:
            return None
        return float(total(self.benefit) / total(self.cost))

    @property
    def net(self) -> Decimal | None:
        """Benefit less cost."""
        return None if self.why is not None else total(self.benefit) - total(self.cost)


def total(some: Iterable[Source]) -> Decimal:
    """The sum of amounts."""
    return sum((one.amount for one in some), Decimal(0))


def returns(snapshot: Snapshot, decided: Sequence[Benefit], window: Window) -> tuple[Return, ...]:
    """The return of each initiative that has a benefit or a cost in some days.

    A benefit counts where all of its days are in the window. Of one initiative those decided hold,
    and what files say only where nothing is decided. Its cost is that of bills where charges name
    it, else what files say.

    Args:
        snapshot: whose bills and files.
        decided: benefits that hold.
        window: the days.
    """
    days = {"start": window.start, "end": window.end}
    billed = {row["initiative"]: row for row in snapshot.rows(_BILLED, days)}
    files = snapshot.rows(_FILES, days)
    open_days = snapshot.rows(_OPEN, days)[0]
    own = [one for one in decided
           if window.start <= one.worth.start and one.worth.end <= window.end]  # fmt: skip
    names = {*billed, *(row["about"] for row in files), *(one.worth.initiative for one in own)}
    return tuple(
        _return(name, billed.get(name), [row for row in files if row["about"] == name],
                [one for one in own if one.worth.initiative == name], open_days)
        for name in sorted(names)
    )  # fmt: skip


_BILLED = f"""
    -- One row is one initiative, and what bills say of its cost in some days.
    select
        initiative,
        min(reporting_currency) as currency,
        {reporting_sum("effective")} as cost
    from charge_day
    where initiative is not null
      and bucket <> 'excluded'
      and day >= $start
      and day < $end
    group by initiative
"""
_FILES = """
    -- One row is one value or cost of an initiative, of a file whose days are all in some days.
    select
        lower(about) as about,
        name,
        title,
        unit,
        value
    from imported_measure
    where name in ('initiative_value', 'initiative_cost')
      and about is not null
      and cast(from_at as date) >= $start
      and until_at <= cast($end as timestamptz)
    order by
        about,
        from_at
"""
_OPEN = """
    -- One row: how many of some days no final bill holds, and the first of them.
    select
        count(*) as days,
        min(d.day) as first_day
    from (
        select cast(each.day as date) as day
        from (
            select unnest(
                generate_series(cast($start as date), cast($end as date) - 1, interval '1' day)
            ) as day
        ) each
    ) d
    left join billed_day b
      on b.day = d.day
    where coalesce(b.state, 'none') <> 'final'
"""


def _return(
    name: str,
    billed: dict[str, Any] | None,
    files: Sequence[dict[str, Any]],
    decided: Sequence[Benefit],
    open_days: dict[str, Any],
) -> Return:
    benefit = tuple(
        Source(one.worth.amount, one.worth.currency, one.worth.source, one.id) for one in decided
    ) or _of_files(files, "initiative_value")
    cost = _of_files(files, "initiative_cost")
    why = None
    if billed is not None:
        cost = ()
        if billed["cost"] is None:
            why = "a rate of exchange is missing for its cost, or no bill tells what is effective"
        else:
            cost = (Source(billed["cost"], billed["currency"], BILLS),)
        if open_days["days"]:
            why = f"{open_days['days']} days have no final bill, the first {open_days['first_day']}"
    return Return(name, benefit, cost, why or _lacking(benefit, cost))


def _of_files(files: Sequence[dict[str, Any]], name: str) -> tuple[Source, ...]:
    return tuple(
        Source(Decimal(repr(row["value"])), row["unit"], row["title"])
        for row in files
        if row["name"] == name
    )


def _lacking(benefit: Sequence[Source], cost: Sequence[Source]) -> str | None:
    if not benefit:
        return "no benefit is decided or told for these days"
    if not cost:
        return "neither a bill nor a file tells its cost in these days"
    currencies = sorted({one.currency for one in (*benefit, *cost)})
    if len(currencies) > 1:
        return f"amounts are in {' and '.join(currencies)}, and nothing is converted"
    return None if total(cost) > 0 else "its cost is not above 0"
