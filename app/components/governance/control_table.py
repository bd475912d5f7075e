"""All controls of a page, the worst first; choosing one opens it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from app.components.governance.asked import Asking, linked
from app.components.governance.signs import SIGNS, WORST_FIRST, hundredths
from app.components.openable import openable
from app.viewer import FEW
from data.controls.definition import Severity
from data.controls.lasting import Lasting
from data.controls.outcome import Counts
from data.controls.state import State
from data.controls.tally import Tally

CONTROL_PAGE = "views/governance/control.py"
_OPEN = "control to open"
_ROUND = "round of controls"
_SEVERITIES = list(Severity)
_WITHHELD = f"withheld: {FEW}"


def control_table(
    tallies: Mapping[str, Tally], asking: Asking, since: Mapping[str, Lasting]
) -> None:
    """Lists the controls; the selection of a row opens its page."""
    st.header("Controls", anchor="controls")
    st.markdown(":small[The worst first. Choose a row to open the control.]")
    order = sorted(tallies.values(), key=lambda one: _rank(one, asking.members))
    lines = [_line(one, one.of(asking.members), since.get(one.control.id)) for one in order]
    number = st.session_state.setdefault(_ROUND, 0)

    def choose(at: int | None) -> None:
        if at is not None:
            st.session_state[_OPEN] = order[at].control.id
            st.session_state[_ROUND] = number + 1  # nothing is chosen on the way back

    openable(
        lines,
        choose,
        key=f"controls {number}",
        columns=_columns(),
        tall=(60, 1200),
        alt="One row a control: its state, both pass rates, coverage, and how many rows have which "
        "state",
    )


def go_on(asking: Asking) -> None:
    """Opens the control that was chosen in the table. Call it before anything is drawn."""
    name = st.session_state.pop(_OPEN, None)
    if name is not None:
        st.switch_page(CONTROL_PAGE, query_params=linked(asking, {"control": name}))


def _rank(one: Tally, members: Collection[str] | None) -> tuple[int, int, str]:
    counts = one.of(members)
    state = counts.state if counts is not None else State.NOT_APPLICABLE
    return WORST_FIRST.index(state), _SEVERITIES.index(one.control.severity), one.control.id


def _line(one: Tally, counts: Counts | None, lasting: Lasting | None) -> dict[str, Any]:
    control = one.control
    line: dict[str, Any] = {
        "Control": control.id,
        "State": SIGNS[counts.state].signed if counts is not None else _WITHHELD,
        "Title": control.title,
        "Severity": control.severity.value,
    }
    told = _numbers(counts or Counts())
    return {
        **line,
        **(told if counts is not None else dict.fromkeys(told)),
        "Stands at": _stands(lasting),
    }


def _numbers(counts: Counts) -> dict[str, float | None]:
    return {
        "Pass rate": hundredths(counts.pass_rate),
        "With waivers": hundredths(counts.pass_rate_with_waivers),
        "Coverage": hundredths(counts.coverage),
        "Fail": counts.of(State.FAIL),
        "Waived": counts.waived,
        "Unknown": counts.of(State.UNKNOWN),
        "Attested": counts.of(State.MANUAL),
        "Pass": counts.of(State.PASS),
        "Not applicable": counts.of(State.NOT_APPLICABLE),
    }


def _stands(lasting: Lasting | None) -> str | None:
    if lasting is None:
        return None
    at_least = "at least " if lasting.is_first else ""
    return f"{SIGNS[lasting.state].signed} since {at_least}{lasting.since:%Y-%m-%d}"


def _columns() -> dict[str, Any]:
    config = st.column_config
    rate = "%.1f %%"
    return {
        "Control": config.TextColumn(pinned=True, width=80),
        "State": config.TextColumn(width=120),
        "Title": config.TextColumn(width=320),
        "Pass rate": config.NumberColumn(
            format=rate, help="Passes by passes and fails. Waivers change nothing here."
        ),
        "With waivers": config.NumberColumn(format=rate, help="The same without waived fails."),
        "Coverage": config.NumberColumn(
            format=rate, help="Of the rows in scope, those of which it is known."
        ),
        **{
            name: config.NumberColumn(format="localized", width=80)
            for name in ("Fail", "Waived", "Unknown", "Attested", "Pass")
        },
        "Stands at": config.TextColumn(
            width=210,
            help="Of the whole organisation over the last 90 days, by the evaluations after each "
            "sync. Worse counts when it is found twice.",
        ),
    }
