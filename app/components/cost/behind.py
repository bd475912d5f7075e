"""The lines of bills behind a figure: each with its file and row, and that they add up to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any

import streamlit as st

from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.line_table import line_table
from app.components.cost.money import in_units, money
from app.components.cost.titles import titles_of
from app.components.cost.unknown import NOT_TOLD
from app.components.published import reopened, workspace
from app.wording import plain
from data.costs.lines import Lines, Wanted, lines
from data.costs.money import exact
from data.costs.views.asked import Asked, Cost
from data.store.snapshot import Snapshot

MOST = 500
"""Lines that are shown, the largest first; the file has all of them."""
_MOST_IN_FILE = 1_000_000
_MANY = 400_000
"""Rows of bills that are looked through only when somebody asks."""
_COLUMNS = {"service": "Service", "team": "Team", "rule": "Rule", "account": "Account",
            "sub_account": "Sub-account"}  # fmt: skip
"""What a figure can be of, and the column of its lines that tells it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure whose lines are shown."""

    title: str
    """What it is, in words."""
    where: Mapping[str, object] = field(default_factory=dict)
    from_day: date | None = None
    until_day: date | None = None
    rollup: str = "charge_day"
    """The table of the snapshot that the figure is the sum of."""
    unless: Mapping[str, object] = field(default_factory=dict)

    @property
    def named(self) -> frozenset[str]:
        """Columns of its lines in which each would say the same, as the figure is of it alone."""
        alone = {name for name, of in self.where.items() if not isinstance(of, list | tuple)}
        alone |= {name for name, of in self.where.items() if isinstance(of, tuple) and len(of) == 1}
        return frozenset(title for name, title in _COLUMNS.items() if name in alone)

    def wanted(self, asked: Asked) -> Wanted:
        """Its lines, of what is asked for: of an estimate nothing is billed."""
        given = {"billing_month": asked.month, "currency": asked.currency, "source": asked.source}
        chosen = {name: value for name, value in given.items() if value is not None}
        unless = {"is_estimate": True} if asked.cost is Cost.BILLED else {}
        return Wanted(
            self.from_day, self.until_day, {**chosen, **self.where}, {**unless, **self.unless}
        )


def behind(snapshot: Snapshot, asked: Asked, figure: Figure) -> None:
    """Shows the lines, and the sum that proves them.

    Args:
        snapshot: whose figure it is.
        asked: names one currency at least.
        figure: which.
    """
    wanted = figure.wanted(asked)
    with st.container(border=True):
        st.markdown(f"**Lines behind {plain(figure.title)}**")
        count, amount = _figure(snapshot, figure.rollup, wanted, asked.cost)
        if not count:
            st.markdown("There is no line: nothing of this kind was billed here.")
            return
        many = _to_look_through(snapshot, asked)
        if many > _MANY and not st.button(
            f"Look through {many:,} rows of bills", key=f"look {figure}", icon=":material/search:"
        ):
            return
        _shown(snapshot, asked, figure, count, amount)


def behind_each(
    snapshot: Snapshot, asked: Asked, figure: Figure, currencies: Sequence[str]
) -> None:
    """Shows the lines of each of these currencies in which there are any, as `behind` does."""
    for currency in currencies:
        each = replace(asked, currency=currency)
        count, _ = _figure(snapshot, figure.rollup, figure.wanted(each), asked.cost)
        if count:
            behind(snapshot, each, replace(figure, title=f"{figure.title}, in {currency}"))


def _shown(
    snapshot: Snapshot, asked: Asked, figure: Figure, count: int, amount: Decimal | None
) -> None:
    wanted = figure.wanted(asked)
    column = f"{asked.cost.value}_cost"
    found = _lines(snapshot, str(workspace().bills), wanted, column)
    rows = found.table.to_pylist()
    st.markdown(_proof(rows, column, found, count=count, amount=amount, currency=asked.currency))
    line_table(rows, column, asked.currency or "", titles_of(snapshot), figure.title, figure.named)
    folder, bills = workspace().folder, workspace().bills

    def all_lines() -> Iterator[Mapping[str, Any]]:
        with reopened(folder, snapshot.id) as opened:
            yield from lines(opened, bills, wanted, _MOST_IN_FILE, column).table.to_pylist()

    chosen = {name: None if one is None else str(one) for name, one in figure.where.items()}
    extract = Extract.of_lines(snapshot, f"lines behind {figure.title}", asked, chosen)
    csv_button(extract, all_lines, count=found.count, key=f"lines of {figure}",
               label="All lines as CSV")  # fmt: skip


def _proof(
    rows: list[dict[str, Any]],
    column: str,
    found: Lines,
    *,
    count: int,
    amount: Decimal | None,
    currency: str | None,
) -> str:
    """That the lines make the figure, with a sign whether they do."""
    shown = sum((row[column] or Decimal(0) for row in rows), Decimal(0))
    is_all = found.count == len(rows)
    fits = found.count == count and (shown == amount or not is_all or amount is None)
    sign = ":material/check_circle:" if fits else ":material/error: **does not add up**"
    lines_are = "1 line" if found.count == 1 else f"{found.count:,} lines"
    told = f"{sign} {lines_are} = **{plain(money(amount, currency or ''))}**"
    if amount is None:
        told = f":material/help: {lines_are}: the sum is not known, since {NOT_TOLD} of some"
    elif exact(amount) != exact(in_units(amount, currency or "")):
        told += f", exactly {plain(_all_digits(amount))}"
    told += "" if is_all else f". The {len(rows):,} largest are shown."
    if any(row["ratio"] not in (None, 1) for row in rows):
        told += f"{'.' if is_all else ''} A charge that is split has a line for each part."
    return told


def _all_digits(amount: Decimal) -> str:
    return f"{Decimal(exact(amount)):,f}".replace("-", "\N{MINUS SIGN}")


def _figure(
    snapshot: Snapshot, rollup: str, wanted: Wanted, cost: Cost
) -> tuple[int, Decimal | None]:
    """Count and sum of the lines, by the roll-up that the page is made from."""
    rows = snapshot.rows(
        f"""
        -- One row is the figure; null: a bill does not tell this cost of some of its lines.
        select
            coalesce(cast(sum(rows) as bigint), 0) as rows,
            case
                when count({cost.value}_cost) = count(*) then coalesce(sum({cost.value}_cost), 0)
            end as amount
        from {rollup}
        where {wanted.condition}
        """,
        wanted.parameters,
    )
    return rows[0]["rows"], rows[0]["amount"]


def _to_look_through(snapshot: Snapshot, asked: Asked) -> int:
    rows = snapshot.rows(
        """
        -- One row is how many rows of bills can hold the lines.
        select coalesce(cast(sum(rows) as bigint), 0) as rows
        from bill_in_effect
        where ($month is null or cast(date_trunc('month', from_at) as date) = cast($month as date))
          and ($currency is null or currency = $currency)
          and ($source is null or source = $source)
        """,
        {"month": asked.month, "currency": asked.currency, "source": asked.source},
    )
    return int(rows[0]["rows"])


def _key(wanted: Wanted) -> str:
    told = sorted(wanted.where.items()), sorted(wanted.unless.items())
    return repr((wanted.from_day, wanted.until_day, told))


@st.cache_resource(
    max_entries=8, show_spinner="Looking through the bills …",
    hash_funcs={Snapshot: attrgetter("id"), Wanted: _key},
)  # fmt: skip
def _lines(snapshot: Snapshot, bills: str, wanted: Wanted, by: str) -> Lines:
    return lines(snapshot, Path(bills), wanted, MOST, by)
