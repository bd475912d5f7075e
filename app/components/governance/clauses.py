"""The clauses of one framework: which are met, which are not, and because of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import streamlit as st

from app.components.governance.asked import Asking
from app.components.governance.signs import MET, WORDS, numbers, share
from app.viewer import FEW
from app.wording import day, listed, plain
from data.controls.framework import Clause, Framework
from data.controls.posture import ClauseStand, Met, Short, clauses, uncovered
from data.controls.state import State
from data.controls.tally import Tally

_MOST = 120


def clause_table(framework: Framework, tallies: Mapping[str, Tally], asking: Asking) -> None:
    """Lists the clauses that controls serve, and names those that none does."""
    st.header(f"Clauses of {framework.title}", anchor="clauses")
    last = asking.window.end - timedelta(days=1)
    found = clauses(framework, tallies, asking.members, last)
    st.markdown(
        f"{_summary(found)} A clause is met only if every control that serves it passes and all "
        "that is in scope could be judged. A waiver changes nothing about that."
    )
    st.table(
        {
            "Clause": [f"**{plain(one.clause.id)}** {plain(one.clause.title)}" for one in found],
            "State": [MET[one.met].badge for one in found],
            "Why": [why(one) for one in found],
            "Controls": [", ".join(one.controls) for one in found],
        },
        border="horizontal",
        hide_index=True,
        alt=f"One row a clause of {framework.title}: whether it is met and why not",
    )
    _without(uncovered(framework, tallies))
    st.caption(f"{framework.edition}. {plain(framework.note)}")


def _summary(found: Sequence[ClauseStand]) -> str:
    told = [(sum(one.met is met for one in found), MET[met].word) for met in Met]
    return f"{', '.join(f'**{count}** {word}' for count, word in told if count)}."


def why(one: ClauseStand) -> str:
    """Why a clause is not met, or since when it is asked for."""
    if one.met is Met.NOT_IN_EFFECT:
        clause = one.clause
        if clause.until is not None:
            return f"it had effect until {day(clause.until)}"
        return f"it has effect from {day(clause.from_)} on" if clause.from_ else "it has no effect"
    told = [_said(short) for short in one.short]
    told += [f"{name}: about {FEW}, withheld" for name in one.withheld]
    if told:
        return "; ".join(told)
    return "nothing to judge" if one.met is Met.NOT_APPLICABLE else "all pass, all could be judged"


def _said(short: Short) -> str:
    counts = short.counts
    if short.state is State.ERROR:
        return f"{short.control} could not be evaluated"
    if short.state is State.FAIL:
        waived = f" ({counts.waived:,} waived)" if counts.waived else ""
        return f"{short.control}: {counts.of(State.FAIL):,} of {counts.in_scope:,} fail{waived}"
    if short.state is State.PASS:
        return f"{short.control}: only {share(counts.coverage)} could be judged"
    if short.state is State.MANUAL:
        return f"{short.control}: a person answered for {counts.of(State.MANUAL):,}"
    return f"{short.control}: {numbers(counts)}" if short.state in WORDS else short.control


def _without(clauses: Sequence[Clause]) -> None:
    if clauses:
        names = listed([clause.id for clause in clauses], _MOST)
        many = "1 clause has" if len(clauses) == 1 else f"{len(clauses)} clauses have"
        st.caption(f"{many} no control: {plain(names)}. Nothing is said about them here.")
