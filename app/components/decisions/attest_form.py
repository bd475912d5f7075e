"""Answering a control: for what, which days, with what evidence, and who looked at it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import streamlit as st

from app.components.decisions.act import decide
from app.components.decisions.actor import actor
from app.components.decisions.desk import Desk
from app.components.decisions.judged import Judged
from app.components.decisions.scope_field import picked_scope
from app.components.decisions.words import ANSWERS
from app.components.published import workspace
from app.deciding.attesting import record
from app.deciding.evidence import keeping
from app.wording import days, plain
from data.controls.definition import Control
from data.decisions.attestation import Answer, Attested
from data.decisions.attesting import MOST_DAYS, AttestationRefused
from data.decisions.scope import parse_scope
from data.period import Window, parse_window, window

_OTHER = "other days"
_TEXTS = ("statement", "links", "attested by")
Asked = tuple[str, Window | None, date | None]
"""Scope as written, the days it tells of, and the last day on which it counts."""


def attest_form(desk: Desk, control: Control, found: Judged, slot: str) -> None:
    """Shows the form; what is refused is told below it, and what was written stays."""
    fold = st.expander(
        "Answer it", icon=":material/edit_note:", key=f"attest {control.id}", on_change="rerun"
    )
    if not fold.open:
        return
    with fold:
        open_rows = found.waiting or found.attested
        row = "waiting row" if found.waiting else "row"
        scope = picked_scope(desk, found, open_rows, (f"attest {control.id}", row))
        asked = (scope, _period(desk), _until(desk, control))
        st.segmented_control(
            "Did it hold?",
            list(Answer),
            key="answer",
            default=Answer.HOLDS,
            format_func=ANSWERS.__getitem__,
            required=True,
        )
        st.text_area("What was looked at, and found", key="statement", max_chars=2000, height=90)
        st.text_area(
            "Links to evidence, one a line",
            key="links",
            height=70,
            placeholder="https://wiki.example/restore",
            help="Kept as they are, and never opened.",
        )
        st.session_state.setdefault("round of files", 0)
        st.file_uploader(
            "Files of evidence, at most 20 MB each",
            key=f"files {st.session_state['round of files']}",
            accept_multiple_files=True,
            help="A copy stays in `evidence` in the data folder, and its SHA-256 with the answer.",
        )
        st.text_input("Attested by", key="attested by", max_chars=100, help="Who looked at it.")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Record the answer",
                icon=":material/edit_note:",
                on_click=partial(_attest, control.id, asked, slot),
            )
            st.caption(
                f"**{plain(actor())}** has reviewed it and records it: somebody else than who "
                "attests."
            )


def _period(desk: Desk) -> Window | None:
    """The days that the answer tells of."""
    choices = _periods(desk.today)
    left, middle, right = st.columns([2, 1, 1])
    chosen = left.selectbox(
        "It tells of",
        [*choices, _OTHER],
        key="attested days",
        format_func=lambda one: f"{one} ({days(choices[one])})" if one in choices else one,
    )
    if chosen != _OTHER:
        return choices[str(chosen)]
    first: date | None = middle.date_input("First day", key="attested from", format="YYYY-MM-DD")
    last: date | None = right.date_input("Last day", key="attested to", format="YYYY-MM-DD")
    if first is None or last is None or last < first:
        return None
    return window(first, last + timedelta(days=1))


def _periods(today: date) -> dict[str, Window]:
    """Calendar periods that are over, the newest first: quarters, months, years."""
    quarters, months, years = [], [], []
    for back in range(15):
        month = today.year * 12 + today.month - 2 - back
        year, number = divmod(month, 12)
        months.append(f"{year}-{number + 1:02}")
        if number % 3 == 2:
            quarters.append(f"{year}-Q{number // 3 + 1}")
        if number == 11:
            years.append(str(year))
    wanted = (*quarters[:4], *months[:6], *years[:1])
    return {label: parse_window(label, today) for label in wanted}


def _until(desk: Desk, control: Control) -> date | None:
    lasting = min(control.frequency.stale_after_days, MOST_DAYS)
    key = f"attested until {control.id}"
    st.session_state.setdefault(key, desk.today + timedelta(days=lasting))
    until: date | None = st.date_input(
        f"Last day on which it counts (UTC), at most {MOST_DAYS} days from now",
        key=key,
        format="YYYY-MM-DD",
        help=f"The control is performed {control.frequency.value}.",
    )
    return until


def _attest(control: str, asked: Asked, slot: str) -> None:
    scope, told_of, until = asked
    state = st.session_state
    files = f"files {state['round of files']}"

    def act() -> str:
        if told_of is None:
            what = "its days are not clear"
            raise AttestationRefused(what, "", "name a first day and a last day not before it")
        links = [line.strip() for line in state["links"].splitlines() if line.strip()]
        sent = [(one.name, one.getvalue()) for one in state.get(files) or ()]
        with keeping(workspace(), links, sent) as evidence:
            told = Attested(
                control=control,
                scope=parse_scope(scope),
                start=told_of.start,
                end=told_of.end,
                answer=Answer(state["answer"]),
                statement=state["statement"],
                evidence=evidence,
                attested_by=state["attested by"],
                reviewer=actor(),
                until=until,
            )
            made = record(workspace(), told)
        return f"The answer is recorded, as `{made.id}`."

    if decide(slot, act):
        state.update(dict.fromkeys(_TEXTS, ""))
        state["round of files"] += 1
