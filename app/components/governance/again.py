"""How a control is evaluated: what an auditor needs to run it again."""

from __future__ import annotations

import shlex
from datetime import date

import streamlit as st

from app.wording import plain
from data.controls.literal import filled, literal
from data.controls.outcome import Outcome
from data.period import PeriodError, Window, parse_window


def again(outcome: Outcome, today: date) -> None:
    """Shows parameters, commands and SQL; works only while it is unfolded."""
    control = outcome.control
    fold = st.expander(
        f"How it is evaluated: {control.id}",
        icon=":material/function:",
        key="evaluated",
        on_change="rerun",
    )
    if not fold.open:
        return
    with fold:
        _parameters(outcome)
        st.markdown("**The same answer on the command line**")
        line = command(outcome, today)
        if line is not None:
            st.code(line, language="bash", wrap_lines=True)
        else:
            st.caption("It takes calendar periods, and days that end with what is known.")
        st.markdown(
            "**The SQL, with its parameters filled in**  \n"
            f":small[It runs on the file of snapshot `{outcome.snapshot}`. Blind spots, evidence "
            "that is too old and decisions are laid over what it says afterwards. Hash of the "
            f"definition: `{control.sha256}`]"
        )
        st.code(filled(outcome.statement), language="sql", height=360)


def _parameters(outcome: Outcome) -> None:
    control = outcome.control
    if not control.parameters:
        st.caption("It has no parameters.")
        return
    st.table(
        {
            "Parameter": [f"`{name}`" for name in control.parameters],
            "Value": [plain(literal(outcome.parameters[name])) for name in control.parameters],
            "Unless set otherwise": [
                plain(literal(one.value)) for one in control.parameters.values()
            ],
            "Meaning": [
                plain(one.meaning + (f" ({one.unit})" if one.unit else ""))
                for one in control.parameters.values()
            ],
        },
        border="horizontal",
        hide_index=True,
        alt=f"Parameters of {control.id}: `[control.{control.id}]` in `cairn.toml` sets them",
    )


def command(outcome: Outcome, today: date) -> str | None:
    """The command that gives the same answer, run in the folder that is served, if there is one.

    Args:
        outcome: what the control came to.
        today: the first day of which nothing is known: where days that are counted back end.
    """
    team = ["--team", outcome.team] if outcome.team else []
    window = outcome.window
    period = next((p for p in (window.label, f"{window.days}d") if _means(p, window, today)), None)
    if period is None:
        return None
    options = [*team, "--period", period, "--snapshot", outcome.snapshot, "--rows"]
    return shlex.join(["cairn", "check", outcome.control.id, *options])


def _means(period: str, window: Window, today: date) -> bool:
    try:
        return parse_window(period, today) == window
    except PeriodError:
        return False
