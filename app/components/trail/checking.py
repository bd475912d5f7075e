"""The whole check on demand, and what to do where something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

import pandas as pd
import streamlit as st

from app.components.published import workspace
from app.components.trail.advice import advice
from app.components.trail.asked import ENTRY
from app.components.trail.opened import Log, patient
from app.components.trail.stands import many
from app.wording import duration, message, moment
from data.decisions.book import Book
from data.ledger.finding import Finding, Report
from data.trail.examined import Kept, examined
from data.trail.standing import Standing

_MOST = 500
"""Findings that are listed; `cairn audit verify --format csv` lists all."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a whole check came to that somebody asked for on this page."""

    report: Report
    at: datetime
    seconds: float


def last_check(log: Log, stands: Standing) -> Checked | None:
    """The newest since the server runs, whoever asked for it; None if the log tells of a newer."""
    last = _kept().get(str(log.ledger.place.folder))
    told = stands.check.at if stands.check is not None else None
    return None if last is None or (told is not None and told > last.at) else last


def check_button(log: Log, stands: Standing) -> None:
    """Offers the whole check, and says what it came to."""
    if st.button(
        "Check the whole log now",
        icon=":material/fact_check:",
        help="Recomputes every entry, every stored hash and every checkpoint, and holds the book "
        "of decisions against the log. A million entries take some fifteen seconds; nothing is "
        "appended meanwhile.",
    ):
        began = monotonic()
        report = examined(Book(workspace().folder), log.ledger, Kept(), patient())
        checked = Checked(report, datetime.now(UTC), monotonic() - began)
        _kept()[str(log.ledger.place.folder)] = checked
        st.rerun()
    last = last_check(log, stands)
    if last is not None and last.report.is_sound and not stands.troubles:
        _sound(last)


def alarm(stands: Standing, last: Checked | None) -> None:
    """Says what is wrong, first what comes first, and what to do; nothing if nothing is."""
    findings, troubles = (last.report.findings if last is not None else ()), stands.troubles
    if not findings and not troubles:
        return
    told = findings[0].what if findings else troubles[0]
    first = last.report.first_bad if last is not None else None
    at = "" if first is None else f" First bad entry: **{first:,}**."
    title, what_to_do = advice(findings)
    st.error(
        f"**{title}.** {message(told[:1].upper() + told[1:])}.{at}\n\n{what_to_do}",
        icon=":material/error:",
    )
    if first is not None and first < stands.size:
        st.button(
            f"See entry {first:,}",
            icon=":material/search:",
            on_click=st.session_state.update,
            args=({ENTRY: str(first)},),
        )
    if len(findings) + len(troubles) > 1:
        _all(findings, troubles)


def _sound(last: Checked) -> None:
    report = last.report
    pruned = f", {report.pruned:,} of them without their payload, as the rules allow" * bool(
        report.pruned
    )
    checkpoints = f"{report.checkpoints:,} checkpoint{'s' * (report.checkpoints != 1)}"
    st.success(
        f"Sound: {many(report.size)}{pruned} are what {checkpoints} signed, and the decisions are "
        f"those that were logged. Checked {moment(last.at)}, in {duration(max(last.seconds, 1))}.",
        icon=":material/check_circle:",
    )
    for told in report.notes:
        st.caption(message(told))


def _all(findings: tuple[Finding, ...], troubles: tuple[str, ...]) -> None:
    lines = [
        {"Entry": one.entry, "About": one.about.value, "What": one.what} for one in findings
    ] or [{"Entry": None, "About": "glance", "What": what} for what in troubles]
    title = f"All {len(lines):,} findings" if len(lines) <= _MOST else (
        f"The first {_MOST:,} of {len(lines):,} findings")  # fmt: skip
    with st.expander(title, icon=":material/list:"):
        st.dataframe(
            pd.DataFrame(lines[:_MOST]),
            hide_index=True,
            placeholder="–",
            alt="One row a finding, the first bad entry first",
        )


@st.cache_resource(show_spinner=False)
def _kept() -> dict[str, Checked]:
    return {}
