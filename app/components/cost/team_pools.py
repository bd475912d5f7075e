"""A team's part of each pool: how much, of what, by what ratio and why; each with its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.components.cost.behind import Figure, behind_each
from app.components.cost.buckets import title_of
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.money import amount_column, in_units
from app.components.cost.opened import open_of, opening
from app.components.cost.split import split_words
from app.components.cost.titles import way
from app.components.openable import openable
from data.costs.views.asked import answered
from data.costs.views.team import Pooled
from data.costs.views.told import Paid, Told
from data.store.snapshot import Snapshot

_KIND = "pool"


def team_pools(
    snapshot: Snapshot,
    told: Told,
    found: Sequence[Pooled],
    paid: Sequence[Paid],
    titles: Mapping[str, str],
) -> None:
    """Lists the pools that the team has a part of.

    Args:
        snapshot: whose costs.
        told: what is asked, of which team.
        found: the parts.
        paid: the currencies there are; lines are shown in each.
        titles: of teams.
    """
    if not found:
        st.markdown("Nothing of what is shared or idle falls on this team here.")
        return
    names = {one.pool: one.title or one.pool for one in found}
    ids = ["/".join((*one.path, one.method)) for one in found]
    openable(
        [_line(one, told, {**titles, **names}) for one in found],
        opening(_KIND, ids),
        key=f"pools of a team {told}",
        columns=_columns(told),
        tall=(12, 460),
        alt="One row a pool: what the team has of it, its ratio, and why",
    )
    rows = answered(snapshot, "team_pools", told.asked, **told.parameters)
    extract = Extract.of(
        snapshot, "team_pools", "a team's part of pools", told.asked,
        {"team": ", ".join(told.teams), "told in": told.currency},
    )  # fmt: skip
    csv_button(extract, rows, count=len(rows), key="pools of a team csv", label="As CSV")
    name = open_of(_KIND)
    if name in ids:
        one = found[ids.index(name)]
        where = {"pool": one.pool, "path": list(one.path), "team": told.teams}
        title = f"the part of {names[one.pool]} that this team has"
        behind_each(snapshot, told.asked, Figure(title, where), [each.currency for each in paid])


def _line(one: Pooled, told: Told, titles: Mapping[str, str]) -> dict[str, Any]:
    whole = None if one.whole is None else in_units(one.whole, told.currency)
    return {
        "Pool": one.title or one.pool,
        "Cost": None if one.amount is None else in_units(one.amount, told.currency),
        "Ratio": None if one.ratio is None else float(one.ratio) * 100,
        "Of": whole,
        "Why": split_words(one.method, one.driver),
        "Teams": one.teams,
        "What": title_of(one.bucket),
        "Way": way(one.path, titles),
        "Parts": one.rows,
    }


def _columns(told: Told) -> dict[str, Any]:
    config = st.column_config
    return {
        "Pool": config.TextColumn(width=160),
        "Cost": amount_column(told.currency, label=f"Cost, {told.currency}"),
        "Ratio": config.NumberColumn(
            format="%.2f %%", width=75,
            help="Of all that fell into the pool in what is chosen here. What was split of each "
            "single charge, to the last digit, stands with its lines and on the page Allocation.",
        ),
        "Of": amount_column(told.currency, help="All that fell into the pool."),
        "Why": config.TextColumn(width=140, help="By what the last pool of the way is split."),
        "Teams": config.NumberColumn(width=60, help="That share it."),
        "What": config.TextColumn(width=70),
        "Way": config.TextColumn(width=220, help="The pools that it came through."),
        "Parts": config.NumberColumn(format="localized", width=65, help="Of charges."),
    }  # fmt: skip
