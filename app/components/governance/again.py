"""How a control is evaluated: what an auditor needs to run it again."""

from __future__ import annotations

import shlex

import streamlit as st

from app.wording import plain
from data.controls.literal import filled, literal
from data.controls.outcome import Outcome


def again(outcome: Outcome) -> None:
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
        st.code(command(outcome), language="bash", wrap_lines=True)
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


def command(outcome: Outcome) -> str:
    """The command that gives the same answer, run in the folder that is served."""
    team = ["--team", outcome.team] if outcome.team else []
    period = outcome.window.label
    days = f"{outcome.window.days}d" if "/" in period else period
    options = [*team, "--period", days, "--snapshot", outcome.snapshot, "--rows"]
    return shlex.join(["cairn", "check", outcome.control.id, *options])
