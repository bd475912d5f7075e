"""The rows of a control: filtered by state, a page at a time, each with a link to its source."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from app.components.address import Address
from app.components.governance.csv_file import csv_of, export_of, name_of
from app.components.governance.signs import REASONS, SIGNS, WORDS, WORST_FIRST
from app.components.incidents import web
from app.components.taken import download
from app.viewer import NAMES_HIDDEN
from data.controls.definition import Control
from data.controls.outcome import Outcome, Result
from data.controls.state import State

PAGE_ROWS = 50
ALL = "all"
KEY = "state"


def members(
    address: Address, outcome: Outcome, *, timezone: str, titles: dict[str, str], sees_names: bool
) -> None:
    """Shows the rows, at first those that are worst."""
    counts = outcome.counts
    options = [*(state.value for state in WORST_FIRST if counts.of(state)), ALL]
    address.choose(KEY, options)
    st.header("Rows", anchor="rows")
    if not outcome.results:
        st.markdown(
            "There is no row: nothing of this kind happened or was in force in the period. The "
            "control is not applicable, which is neither good nor bad."
        )
        return
    labels = {state.value: f"{SIGNS[state].signed} ({counts.of(state):,})" for state in State}
    labels[ALL] = f"All ({len(outcome.results):,})"
    chosen = st.segmented_control(
        "State", options, key=KEY, format_func=labels.__getitem__, required=True
    )  # fmt: skip
    rows = [one for one in outcome.results if chosen in (ALL, one.state.value)]
    pages = math.ceil(len(rows) / PAGE_ROWS)
    slot = st.container()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        key = f"rows of {outcome.control.id} {outcome.team} {outcome.window} {chosen}"
        page = st.pagination(pages, key=key) if pages > 1 else 1
        download(
            "All rows as CSV",
            lambda: csv_of(outcome, timezone, sees_names=sees_names),
            name_of(outcome),
            export_of(outcome, sees_names=sees_names),
        )
    shown = rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    slot.dataframe(
        pd.DataFrame([_line(outcome.control, one, titles, sees_names=sees_names) for one in shown]),
        hide_index=True,
        placeholder="–",
        column_config=_columns(shown),
        alt=f"Rows of {outcome.control.id}, {labels[str(chosen)]}, page {page} of {pages}: what is "
        "wrong with each, and where to see it",
    )
    if outcome.control.names and not sees_names:
        st.caption(NAMES_HIDDEN)


def _line(
    control: Control, one: Result, titles: dict[str, str], *, sees_names: bool
) -> dict[str, Any]:
    reason = f", {REASONS[one.reason]}" if one.reason else ""
    hidden = () if sees_names else control.names
    return {
        "source": web(one.url),
        "State": SIGNS[one.state].signed + reason,
        "What": one.title,
        "Because": one.detail,
        "Team": titles.get(one.team or "", one.team) or "of no team",
        "When (UTC)": one.happened_at,
        "Waiver": one.waiver[:12] if one.waiver else None,
        **{
            _label(name): _shown(one.columns.get(name))
            for name in control.columns
            if name not in (*hidden, "title")
        },
    }


def _label(name: str) -> str:
    words = name.removeprefix("is_").removesuffix("_at").replace("_", " ")
    return f"{words} (UTC)" if name.endswith("_at") else words


def _shown(value: Any) -> Any:
    """A cell: lists in a row, yes and no in words, all else as it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or "none"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return None if value is None else str(value)


def _columns(shown: Sequence[Result]) -> dict[str, Any]:
    config = st.column_config
    states = {WORDS[one.state] for one in shown if one.reason}
    return {
        "source": config.LinkColumn("Source", display_text="open", width="small"),
        "State": config.TextColumn(width=225 if states else 100),
        "What": config.TextColumn(width=300),
        "Because": config.TextColumn(width=320),
        "When (UTC)": config.DatetimeColumn(
            format="YYYY-MM-DD HH:mm",
            timezone="UTC",
            help="When it happened, or since when it is so.",
        ),
        "Waiver": config.TextColumn(help="Id of the waiver in force that covers it."),
    }
