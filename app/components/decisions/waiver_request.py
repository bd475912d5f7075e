"""Asking for a waiver: for what, why, until when, and what it would cover."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from app.components.decisions.act import decide, outcome
from app.components.decisions.actor import actor
from app.components.decisions.desk import Desk
from app.components.decisions.judged import judged
from app.components.decisions.scope_field import picked_scope
from app.components.decisions.waiver_preview import preview
from app.components.decisions.words import REASONS
from app.components.published import workspace
from app.governed import rules
from app.wording import day, plain
from data.configuration import load
from data.configuration.waivers import WaiverReason, WaiverSettings
from data.decisions.book import Book
from data.decisions.scope import parse_scope
from data.decisions.waiving import Request, request

SLOT = "waiver asked for"
_USUAL_DAYS = 30
_UNTIL = "waiver until"
_BECAUSE = "waiver because"
_WRITTEN = ("justification", "compensating", "ticket")


def waiver_request(desk: Desk) -> None:
    """Shows the form; what is refused is told below it, and what was written stays."""
    st.header("Request a waiver", anchor="request")
    st.markdown(
        ":small[It lets failures of a control stand for a time, and changes no state and no rate "
        "but the one that is called *with waivers*. Somebody else has to approve it.]"
    )
    if not desk.may_decide:
        st.markdown("`cairn waiver request` asks for one.")
        return
    controls = desk.controls
    name = st.selectbox(
        "Control",
        list(controls),
        key="waiver of",
        format_func=lambda one: f"{one} {controls[one].title}",
    )
    found = judged(desk, [controls[name]])[name]
    scope = picked_scope(desk, found, found.failing, ("waiver", "failing row"))
    preview(desk, found, scope)
    settings = load(workspace().configuration).waivers
    reason, until = _terms(desk, settings)
    st.text_area("Justification", key="justification", max_chars=2000, height=90)
    left, right = st.columns(2)
    needed = " (needed)" if reason is WaiverReason.MITIGATED else ""
    left.text_input(
        f"Compensating control{needed}",
        key="compensating",
        max_chars=500,
        help="What keeps the harm away instead.",
    )
    right.text_input("Ticket", key="ticket", max_chars=200, help="Where it is worked on.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Request",
            icon=":material/send:",
            on_click=_request,
            args=(name, scope, reason, until),
        )
        st.caption(f"As **{plain(actor())}**.")
    outcome(SLOT)


def _terms(desk: Desk, settings: WaiverSettings) -> tuple[WaiverReason, date | None]:
    """Why and until when: each reason has its longest time."""
    left, right = st.columns(2)
    chosen = left.selectbox(
        "Reason",
        [one.value for one in WaiverReason],
        key=_BECAUSE,
        format_func=lambda one: REASONS[WaiverReason(one)],
        on_change=_shorten,
        args=(settings, desk.today),
    )
    reason = WaiverReason(str(chosen))
    most = settings.most(reason)
    st.session_state.setdefault(_UNTIL, _usual(settings, reason, desk.today))
    until: date | None = right.date_input(
        f"Last day (UTC), at most {most} days from now: {day(desk.today + timedelta(days=most))}",
        key=_UNTIL,
        format="YYYY-MM-DD",
    )
    return reason, until


def _usual(settings: WaiverSettings, reason: WaiverReason, today: date) -> date:
    return today + timedelta(days=min(_USUAL_DAYS, settings.most(reason)))


def _shorten(settings: WaiverSettings, today: date) -> None:
    """A day that the chosen reason does not allow becomes one that it does."""
    reason = WaiverReason(st.session_state[_BECAUSE])
    until: date | None = st.session_state.get(_UNTIL)
    if until is not None and until > today + timedelta(days=settings.most(reason)):
        st.session_state[_UNTIL] = _usual(settings, reason, today)


def _request(control: str, scope: str, reason: WaiverReason, until: date | None) -> None:
    def act() -> str:
        asked = Request(
            control=control,
            scope=parse_scope(scope),
            reason=reason,
            justification=st.session_state["justification"],
            requester=actor(),
            until=until,
            ticket=st.session_state["ticket"],
            compensating=st.session_state["compensating"],
        )
        made = request(Book(workspace().folder), asked, rules(workspace()))
        st.session_state.update({"about": "waivers", "state": "all", "waiver": made.id})
        return f"It is asked for, as `{made.id}`. Somebody else has to approve it."

    if decide(SLOT, act):
        st.session_state.update(dict.fromkeys(_WRITTEN, ""))
