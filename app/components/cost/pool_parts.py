"""Who has what of one pool: ratio, cost and way of each team, and what the ratios come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.cost.behind import Figure, behind
from app.components.cost.money import amount_column, in_units
from app.components.cost.opened import open_of, opening
from app.components.cost.split import driver_words, split_words
from app.components.cost.titles import way
from app.components.openable import openable
from app.wording import plain
from data.costs.views.allocation import Part, Pool
from data.costs.views.asked import Asked, answered
from data.store.snapshot import Snapshot

_KIND = "part"
_STRAIGHT = 2
"""Steps of a way from a pool to a team, with no other pool between."""


def pool_parts(
    snapshot: Snapshot,
    asked: Asked,
    pool: Pool,
    parts: Sequence[Part],
    titles: Mapping[str, str],
) -> None:
    """Lists the parts of a pool; a chosen one shows its lines."""
    st.subheader(f"Who has what of {plain(pool.title)}", anchor="parts")
    if not parts:
        st.markdown("Nothing fell into it in what is chosen here.")
        return
    names = ["/".join((f"{one.month:%Y-%m}", *one.path)) for one in parts]
    openable(
        [_line(one, asked.currency or "", titles) for one in parts],
        opening(_KIND, names),
        key=f"parts {pool.pool} {pool.nth} {asked}",
        columns=_columns(asked.currency or ""),
        tall=(15, 565),
        alt=f"One row a team and way: which part of {pool.title} it has, and why",
    )
    if pool.driver is not None:
        _driven(snapshot, asked, pool.driver, parts, titles)
    name = open_of(_KIND)
    if name in names:
        behind(snapshot, asked, _figure(parts[names.index(name)], pool, titles))


def _figure(one: Part, pool: Pool, titles: Mapping[str, str]) -> Figure:
    """The part of one target in one month, on its one way."""
    who = titles.get(one.team, one.team) if one.team else "nobody"
    between = " and ".join(titles.get(name, name) for name in one.path[1:-1])
    through = f" through {between}" if len(one.path) > _STRAIGHT else ""
    title = f"what {who} has of {pool.title}{through}, of charges of {one.month:%B %Y}"
    until = date(one.month.year + one.month.month // 12, one.month.month % 12 + 1, 1)
    where = {"pool": one.pool, "team": one.team, "path": list(one.path)}
    return Figure(title, where, one.month, until)


def _line(one: Part, currency: str, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "Team": titles.get(one.team, one.team) if one.team else "nobody",
        "Cost": in_units(one.amount, currency),
        "Ratio": None if one.ratio is None else float(one.ratio * Decimal(100)),
        "Way": way(one.path, titles),
        "How": split_words(one.method, one.driver),
        "Charges of": f"{one.month:%Y-%m}",
        "Exact ratio": None if one.ratio is None else f"{one.ratio:f}",
    }


def _columns(currency: str) -> dict[str, Any]:
    config = st.column_config
    return {
        "Team": config.TextColumn(width=130),
        "Cost": amount_column(currency, label=f"Cost, {currency}"),
        "Ratio": config.NumberColumn(
            format="%.2f %%", width=85, help="Of each charge in the pool. They add up to 1 exactly."
        ),
        "Way": config.TextColumn(width=265, help="The pools that it came through."),
        "How": config.TextColumn(width=150, help="By the last pool of the way."),
        "Charges of": config.TextColumn(
            width=90, help="Shares are those of the month a charge is for, also of a correction."
        ),
        "Exact ratio": config.TextColumn(width=140, alignment="right"),
    }


def _driven(
    snapshot: Snapshot, asked: Asked, driver: str, parts: Sequence[Part], titles: Mapping[str, str]
) -> None:
    month = max(one.month for one in parts)
    rows = answered(snapshot, "driven", asked, driver=driver, of_month=month)
    if not rows:
        st.markdown(
            f":material/help: Nothing is known of **{plain(driver_words(driver))}** in "
            f"{month:%B %Y}: a source that tells of it was not read, or nobody used any."
        )
        return
    told = ", ".join(f"{plain(_name(row, titles))} {_amount(row)}" for row in rows[:20])
    more = f" and {len(rows) - 20} more" if len(rows) > 20 else ""
    st.markdown(
        f":small[**{plain(driver_words(driver))}** in {month:%B %Y}: {told}{more}{left_out(rows)}.]"
    )


def left_out(rows: Sequence[Mapping[str, Any]]) -> str:
    """What is not in the values of a driver, in words that follow them; empty: nothing."""
    said = {
        "of which it is not known how much was used": sum(row["unknown"] for row in rows),
        "that have not ended": sum(row["unfinished"] for row in rows),
    }
    return "".join(f"; without {number:,} {which}" for which, number in said.items() if number)


def _name(row: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    return titles.get(row["team"], row["team"]) if row["team"] else "nobody"


def _amount(row: Mapping[str, Any]) -> str:
    return "not known" if row["amount"] is None else f"{row['amount']:,.0f}"
