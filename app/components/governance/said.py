"""What one control says of itself: what must hold, why, what to do, and which clauses it serves."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from app.components.governance.signs import SIGNS, share
from app.wording import day, message, plain
from data.controls.definition import Control, Kind
from data.controls.framework import Clause, Framework
from data.controls.lasting import Lasting
from data.controls.outcome import Outcome
from data.controls.state import State


def rates(outcome: Outcome, lasting: Lasting | None) -> None:
    """The state with both rates side by side, never one without the other."""
    counts = outcome.counts
    st.markdown(f"{SIGNS[outcome.state].badge} {_since(lasting)}")
    with st.grid(4, min_column_width=150):
        _figure("Pass rate", share(counts.pass_rate), "Passes by passes and fails.")
        _figure(
            "With waivers",
            share(counts.pass_rate_with_waivers),
            "The same without the fails that a waiver in force covers.",
        )
        _figure("Coverage", share(counts.coverage), "Of what is in scope, what could be judged.")
        fails = counts.of(State.FAIL)
        _figure("Waived", f"{counts.waived:,} of {fails:,}", "Waived fails of all fails.")


def _figure(label: str, value: str, meaning: str) -> None:
    with st.container(border=True, height="stretch"):
        st.metric(label, value, help=meaning)


def _since(lasting: Lasting | None) -> str:
    if lasting is None:
        return ":small[No evaluation was kept yet: the next `cairn sync` keeps one.]"
    at_least = " at least" if lasting.is_first else ""
    return (
        f":small[By the evaluations after each sync, of the whole organisation over 90 days, it "
        f"stands at] {SIGNS[lasting.state].badge} "
        f":small[since{at_least} {day(lasting.since.date())}.]"
    )


def said(control: Control) -> None:
    """Statement, reason and remedy."""
    st.markdown(f"**What must hold.** {message(control.statement)}")
    st.markdown(f"**Why.** {message(control.why)}")
    st.markdown(f"**What to do about a failure.** {message(control.fix)}")


def facts(control: Control, frameworks: dict[str, Framework], until: date) -> None:
    """Owner, frequency, origin, and the clauses with their dates of effect."""
    by_person = "answered by a person" if control.kind is Kind.MANUAL else "judged from evidence"
    st.table(
        {
            "Severity": control.severity.value,
            "Judged": f"{control.frequency.value}, {by_person}",
            "Owner": plain(control.owner),
            "Area": plain(control.area),
            "Definition": f"version {control.version}, hash `{control.sha256[:16]}…`",
            "Where the rule comes from": plain(control.source),
        },
        border="horizontal",
    )
    rows = [
        (frameworks[name], frameworks[name].by_id[clause])
        for name, clauses in control.clauses.items()
        for clause in clauses
    ]
    if not rows:
        st.caption("It serves no clause of a framework.")
        return
    st.table(
        {
            "Framework": [plain(framework.title) for framework, _ in rows],
            "Clause": [f"**{plain(one.id)}** {plain(one.title)}" for _, one in rows],
            "In effect": [_effect(one, until - timedelta(days=1)) for _, one in rows],
        },
        border="horizontal",
        hide_index=True,
        alt=f"Clauses that {control.id} serves, with their dates of effect",
    )


def _effect(clause: Clause, on: date) -> str:
    told = []
    if clause.from_ is not None:
        told.append(f"from {day(clause.from_)}")
    if clause.until is not None:
        told.append(f"until {day(clause.until)}")
    words = " ".join(told) or "always"
    return words if clause.is_in_effect(on) else f"{words}: not in this period"
