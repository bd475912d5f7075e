"""Shared pools: what fell in, how it was split, and who has which part of it by which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.filled import filled
from app.components.cost.money import amount_column, in_units
from app.components.cost.opened import OPEN
from app.components.cost.pool_parts import pool_parts
from app.components.cost.split import WORDS, split_words
from app.components.openable import openable
from data.costs.views.allocation import Part, Pool
from data.costs.views.asked import Asked, answered
from data.store.snapshot import Snapshot

POOL = "pool"
"""Key of the address: the pool whose parts are shown."""
_NOTHING = Decimal(0)
_STRAIGHT = 2
"""Steps of a way from a pool to a team, with no other pool between."""


def shared_pools(
    snapshot: Snapshot,
    asked: Asked,
    pools: Sequence[Pool],
    parts: Sequence[Part],
    titles: Mapping[str, str],
) -> None:
    """Lists the pools; of the chosen one, or the largest, also who has what.

    Args:
        snapshot: whose pools.
        asked: which costs.
        pools: as the rules say them.
        parts: who has what of them.
        titles: of teams and pools, by their ids.
    """
    if not pools:
        st.markdown("The rules name no pool: nothing is shared.")
        return
    st.markdown(
        ":small[Pools are split in this order, each to teams and to pools below it. Choose a row "
        "to see who has what.]"
    )

    def choose(at: int | None) -> None:
        if at is not None:
            st.session_state.update({POOL: pools[at].pool, OPEN: ""})

    openable(
        filled([_line(one, parts, asked.currency or "") for one in pools], "Fell in", "To teams"),
        choose,
        key=f"pools {asked}",
        columns=_columns(asked.currency or ""),
        alt="One row a pool: what fell in, what came from pools above, and how it was split",
    )
    extract = Extract.of(snapshot, "pools", "shared pools, and who has what of them", asked)
    csv_button(
        extract, lambda: answered(snapshot, "pools", asked),
        count=len(parts), key="pools csv", label="Pools as CSV",
    )  # fmt: skip
    chosen = _chosen(pools, parts)
    if chosen is not None:
        pool_parts(snapshot, asked, chosen, _of(parts, chosen), titles)


def _chosen(pools: Sequence[Pool], parts: Sequence[Part]) -> Pool | None:
    named = next((one for one in pools if one.pool == st.session_state.get(POOL)), None)
    if named is not None:
        return named
    if not parts:
        return None
    return max(pools, key=lambda one: _sum(_of(parts, one)) or _NOTHING, default=None)


def _of(parts: Sequence[Part], pool: Pool) -> list[Part]:
    """What fell into a pool while it was split so."""
    first, last = pool.from_day or date.min, pool.until_day or date.max
    return [one for one in parts if one.pool == pool.pool and first <= one.month < last]


def _sum(parts: Sequence[Part]) -> Decimal | None:
    """None where a bill does not tell one of them, or none of them is ever billed."""
    told = [one for one in parts if not one.is_never_billed]
    known = [one.amount for one in told if one.amount is not None]
    return None if len(known) < len(told) or (parts and not told) else sum(known, _NOTHING)


def _line(pool: Pool, parts: Sequence[Part], currency: str) -> dict[str, Any]:
    mine = _of(parts, pool)
    passed = [one for one in parts if pool.pool in one.path[1:-1]]
    left = [one for one in mine if one.team is None]
    given = [one for one in mine if one.team is not None]
    return {
        "Pool": pool.title,
        "Fell in": in_units(_sum(mine), currency),
        "From pools above": in_units(_sum(passed), currency) if passed else None,
        "To teams": in_units(_sum(given), currency),
        "To nobody": in_units(_sum(left), currency) if left else None,
        "Split": split_words(pool.split, pool.driver),
        "Was split": _was_split(mine),
        "Else": ", then ".join(WORDS[one] for one in pool.fallback),
        "Idle": "yes" if pool.is_idle else "no",
        "In force": _holds(pool),
    }


def _was_split(parts: Sequence[Part]) -> str:
    """How what fell into a pool went to its teams; what it passes on is split by those below."""
    own = [one for one in parts if len(one.path) == _STRAIGHT]
    ways = dict.fromkeys(split_words(one.method, one.driver) for one in own)
    if len(own) < len(parts):
        ways["in part passed on to pools below" if own else "passed on to pools below"] = None
    return " · ".join(ways) or "nothing fell in"


def _holds(pool: Pool) -> str:
    first = f"from {pool.from_day}" if pool.from_day else ""
    last = f"until before {pool.until_day}" if pool.until_day else ""
    return " ".join(part for part in (first, last) if part) or "always"


def _columns(currency: str) -> dict[str, Any]:
    config = st.column_config
    return {
        "Pool": config.TextColumn(width=165),
        "Fell in": amount_column(
            currency, label=f"Fell in, {currency}", help="What rules put into it."
        ),
        "From pools above": amount_column(
            currency, width=120, help="Of what fell into those, the part passed on."
        ),
        "To teams": amount_column(currency, help="Of what fell in, on every way through pools."),
        "To nobody": amount_column(
            currency,
            help="Nobody owns what used it, or there was nothing to split it by: it stays "
            "unallocated.",
        ),
        "Split": config.TextColumn(width=125, help="As the rules say."),
        "Was split": config.TextColumn(width=175, help="With the fallback that was needed."),
        "Else": config.TextColumn(
            width=190, help="What is done in turn where there is nothing to go by."
        ),
        "Idle": config.TextColumn(
            width=50, help="Whether it holds what was paid for and not used."
        ),
        "In force": config.TextColumn(width=110),
    }
