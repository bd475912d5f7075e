"""The part about attestations: each control that asks people, and how far it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from app.components.address import Address
from app.components.decisions.attestation_card import attestation_card
from app.components.decisions.desk import Desk
from app.components.decisions.judged import Judged, judged
from app.components.decisions.listed import listed, opened
from app.components.decisions.words import ANSWERS, STANDINGS
from app.wording import days
from data.controls.answering import Answered, Standing, answered, asks_people
from data.decisions.attestation import State
from data.period import window

CHOSEN = "manual"
_NAMES = ("Attested by", "Reviewed by")


def answers(desk: Desk) -> dict[str, tuple[Answered, Judged]]:
    """How far each control that asks people is answered, what is most urgent first."""
    every = desk.made.attestations
    asked = [one for one in desk.controls.values() if asks_people(one, every)]
    found = {name: (_answered(desk, one), one) for name, one in judged(desk, asked).items()}
    order = list(Standing)
    return dict(sorted(found.items(), key=lambda item: order.index(item[1][0].standing)))


def _answered(desk: Desk, one: Judged) -> Answered:
    waiting, attested = len(one.waiting), len(one.attested)
    found = answered(one.control, waiting, attested, desk.attestations, desk.today)
    return replace(found, is_withheld=one.is_withheld)


def attestations(
    desk: Desk, address: Address, found: Mapping[str, tuple[Answered, Judged]]
) -> None:
    """Lists them, and opens the one that is chosen."""
    st.header("Attestations", anchor="attestations")
    if not found:
        with st.container(border=True):
            st.header("No control here asks people", icon=":material/edit_note:", anchor=False)
            st.markdown("Choose another framework or control in the sidebar, or start over.")
            st.button("Start over", icon=":material/restart_alt:", on_click=address.clear)
        return
    st.markdown(
        f":small[What no source can tell, of {days(desk.asking.window)}: a person says whether it "
        "held, with evidence, and somebody else looks at it. Choose a control to see what it "
        "asks, and to answer.]"
    )
    listed(
        desk,
        {name: _line(desk, one) for name, (one, _) in found.items()},
        CHOSEN,
        names=_NAMES,
        alt="One row a control that asks people: how far it is answered, by whom, and until when",
        columns=_columns(),
    )
    titles = {name: f"{name} {one.control.title}" for name, (one, _) in found.items()}
    chosen = opened(address, CHOSEN, titles, "Open a control")
    if chosen:
        attestation_card(desk, *found[chosen])


def _line(desk: Desk, one: Answered) -> dict[str, Any]:
    newest = next(iter((*one.valid, *one.expired)), None)
    told = newest.told if newest else None
    is_valid = newest is not None and newest.state(desk.today) is State.VALID
    return {
        "State": f"{STANDINGS[one.standing]} {one.standing.value}",
        "Control": one.control.id,
        "Asks": one.control.title,
        "Answered": None if one.is_withheld else one.answered,
        "Waiting": None if one.is_withheld else one.waiting,
        "Newest answer": ANSWERS[told.answer] if told else None,
        "Tells of": days(window(told.start, told.end)) if told else None,
        "Until": newest.until if newest else None,
        "Days left": (newest.until - desk.today).days if newest and is_valid else None,
        "Attested by": told.attested_by if told else None,
        "Reviewed by": told.reviewer if told else None,
    }


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "State": config.TextColumn(width=120),
        "Control": config.TextColumn(width=70),
        "Asks": config.TextColumn(width=228),
        "Answered": config.NumberColumn(
            format="localized", width=75, help="Rows whose state rests on the word of a person."
        ),
        "Waiting": config.NumberColumn(
            format="localized", width=70, help="Rows that nobody has answered for."
        ),
        "Newest answer": config.TextColumn(width=105),
        "Tells of": config.TextColumn(width=140),
        "Until": config.DateColumn(format="YYYY-MM-DD", width=90, help="Its last day (UTC)."),
        "Days left": config.NumberColumn(width=75),
    }
