"""What a control came to, evaluation by evaluation: when it turned, and which rows did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
import streamlit as st

from app.components.governance.signs import SIGNS
from app.components.incidents import web
from app.wording import moment
from data.controls.definition import Control
from data.controls.history import Evaluated, History, Turn
from data.controls.state import State

_MOST = 60
_MOST_TURNS = 200
_COUNTS = ("Fail", "Waived", "Unknown", "Pass")


def past(history: History, control: Control, titles: Mapping[str, str]) -> None:
    """Lists the newest evaluations, and the rows that turned in the one that is chosen.

    Args:
        history: all evaluations.
        control: of which.
        titles: what teams are called.
    """
    st.header("History", anchor="history")
    found = history.evaluations(control.id)
    if not found:
        st.markdown(
            "No evaluation was kept yet. After each `cairn sync` every control is evaluated over "
            "the last 90 days, and what it came to is kept for ever."
        )
        return
    st.markdown(
        f":small[{_summary(found)} Of the whole organisation over the 90 days before each sync. A "
        "better state counts at once, a worse one when it is found twice in a row. Choose an "
        "evaluation to see which rows turned.]"
    )
    newest = found[::-1][:_MOST]
    picked = st.dataframe(
        pd.DataFrame([_line(one, _before(found, one)) for one in newest]),
        key=f"evaluations of {control.id}",
        hide_index=True,
        placeholder="–",
        height="content" if len(newest) <= 10 else 380,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Read until (UTC)": st.column_config.DatetimeColumn(
                format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
            **dict.fromkeys(_COUNTS, st.column_config.NumberColumn(format="localized")),
        },
        alt=f"One row an evaluation of {control.id}, newest first: what it found and stands at",
    )
    at = next(iter(picked["selection"]["rows"]), 0)
    _turned(history, control, newest[at if at < len(newest) else 0], titles)


def _summary(found: Sequence[Evaluated]) -> str:
    flips = sum(a.standing is not b.standing for a, b in pairwise(found))
    many = "1 evaluation" if len(found) == 1 else f"{len(found):,} evaluations"
    turned = "it never turned" if not flips else f"it turned {flips} time{'s' * (flips != 1)}"
    return f"{many}; {turned}."


def _before(found: Sequence[Evaluated], one: Evaluated) -> Evaluated | None:
    at = found.index(one)
    return found[at - 1] if at else None


def _counted(one: Evaluated, what: str) -> int | None:
    """Rows of one kind; None where nothing was counted, for it ended in an error."""
    return None if one.error is not None else one.counts.get(what, 0)


def _line(one: Evaluated, before: Evaluated | None) -> dict[str, Any]:
    return {
        "Read until (UTC)": one.as_of,
        "Found": SIGNS[one.found].signed,
        "Stands at": SIGNS[one.standing].signed,
        "Turned": _turn_of(one, before),
        "Fail": _counted(one, State.FAIL.value),
        "Waived": _counted(one, "waived"),
        "Unknown": _counted(one, State.UNKNOWN.value),
        "Pass": _counted(one, State.PASS.value),
        "Definition": _defined(one, before),
        "Days": f"{one.first_day} up to {one.end_day}",
        "Snapshot": one.snapshot,
        "Error": one.error,
    }


def _turn_of(one: Evaluated, before: Evaluated | None) -> str | None:
    if before is None or before.standing is one.standing:
        return None
    return f"{SIGNS[before.standing].signed} → {SIGNS[one.standing].signed}"


def _defined(one: Evaluated, before: Evaluated | None) -> str:
    told = f"version {one.version}"
    if before is None or (before.sha256, before.parameters) == (one.sha256, one.parameters):
        return told
    return f"{told}, changed" if before.sha256 != one.sha256 else f"{told}, other parameters"


def _turned(history: History, control: Control, one: Evaluated, titles: Mapping[str, str]) -> None:
    turns = [turn for _, turn in history.turns(control.id, one.number)]
    when = moment(one.as_of)
    if not turns:
        st.markdown(f"No row turned with what was read until {when}.")
        return
    shown = turns[:_MOST_TURNS]
    rest = f" The first {_MOST_TURNS} are listed." if len(turns) > len(shown) else ""
    many = "1 row" if len(turns) == 1 else f"{len(turns):,} rows"
    st.markdown(f"{many} turned with what was read until {when}.{rest}")
    st.dataframe(
        pd.DataFrame([_turn_line(turn, titles) for turn in shown]),
        hide_index=True,
        placeholder="–",
        height="content" if len(shown) <= 10 else 380,
        column_config={
            "source": st.column_config.LinkColumn("Source", display_text="open", width="small"),
            "Row": st.column_config.TextColumn(width=340),
            "Because": st.column_config.TextColumn(width=320),
        },
        alt=f"Rows of {control.id} that turned: from which state to which, and why",
    )


def _turn_line(turn: Turn, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "source": web(turn.url),
        "Was": SIGNS[turn.was].signed if turn.was else "not there, or well",
        "Became": SIGNS[turn.became].signed if turn.became else "left the period",
        "Row": turn.title,
        "Because": turn.detail,
        "Team": titles.get(turn.team or "", turn.team),
    }
