"""Waivers, and parts of pages about controls, that tests make up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import streamlit as st

from app.components.governance.asked import Asking
from app.components.governance.control_table import control_table
from app.components.governance.over import over
from app.components.governance.past import past
from data.configuration.waivers import WaiverReason
from data.controls.history import History
from data.controls.state import State
from data.controls.tally import tallied
from data.decisions.scope import parse_scope
from data.decisions.waiver import Step, Waiver
from data.metrics.catalogue import Team
from data.period import parse_window
from tests.data.controls.made import AS_OF, control, outcome, result


def waiver(name: str, until: str = "2026-12-31", control: str = "XX-01") -> Waiver:
    """A waiver that bo approved for ada, in force from April 2026 on."""
    at = datetime(2026, 4, 1, tzinfo=UTC)
    return Waiver(
        id=name,
        control=control,
        scope=parse_scope("team:core"),
        reason=WaiverReason.MITIGATED,
        justification="somebody looks at each of them",
        requester="ada",
        start=at.date(),
        until=date.fromisoformat(until),
        ticket=None,
        compensating=None,
        requested_at=at,
        asked_by=("ada",),
        approved=Step("step", "bo", "it is so", at),
    )


def waived_page() -> None:
    """A page of people with a waiver in force, one of one row that is over, one of another."""
    old, now = waiver("old", until="2026-04-30"), waiver("now")
    old = replace(old, scope=parse_scope("row:test:web/m.alder"))
    rows = (result("a", State.FAIL, waiver=now.id), result("b", State.FAIL))
    found = outcome("s1", *rows, control=control(names=("title",)))
    other = waiver("other", control="XX-02")
    over(found, [old, now, other], {}, sees_names=bool(st.session_state["sees"]))


def withheld_page() -> None:
    """A table with a control about people, of a team in which it is about one of them."""
    found = outcome("s1", result("a", State.FAIL, person=1), control=control(names=("title",)))
    team = Team("core", "Core", None, "UTC", ("core",))
    asking = Asking(team, parse_window("2026-05", AS_OF.date()), None)
    control_table({"XX-01": tallied(found)}, asking, {})


def past_page(folder: str) -> None:
    """The history of a control that a folder keeps."""
    past(History(Path(folder)), control(), {})
