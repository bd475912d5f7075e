"""One control that asks people: what it asks, all that was answered, and the evidence."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app.components.decisions.act import decide, outcome
from app.components.decisions.actor import actor
from app.components.decisions.attest_form import attest_form
from app.components.decisions.desk import Desk
from app.components.decisions.judged import Judged
from app.components.decisions.rows import rows
from app.components.decisions.words import ANSWERS, ATTESTATIONS, STANDINGS, count, scope_words
from app.components.incidents import web
from app.components.published import workspace
from app.deciding.who import by
from app.viewer import ABOUT_FEW, unnamed
from app.wording import days, message, plain
from data.controls.answering import Answered
from data.decisions.attestation import Attestation, State
from data.decisions.attesting import withdraw_attestation
from data.decisions.book import Book
from data.decisions.evidence import Evidence, Kept, verify
from data.period import window

_NAMES = ("Attested by", "Reviewed by")


def attestation_card(desk: Desk, one: Answered, found: Judged) -> None:
    """Shows all of it, and takes an answer."""
    control = one.control
    with st.container(border=True):
        st.header(f"{control.id} {control.title}", anchor="control")
        st.markdown(f"{STANDINGS[one.standing]} **{one.standing.value}** · {_how_far(one)}")
        st.markdown(f"**What must hold.** {message(control.statement)}")
        st.markdown(f"**What to do.** {message(control.fix)}")
        rows(desk, found.waiting, "Nobody has answered for")
        mine = [o for o in desk.attestations.all if o.told.control == control.id][::-1]
        if mine:
            _listed(desk, mine)
        slot = f"answer to {control.id}"
        valid = [o for o in mine if o.state(desk.today) is State.VALID]
        if desk.may_decide:
            if valid:
                _withdrawing(desk, control.id, valid, slot)
            attest_form(desk, control, found, slot)
        outcome(slot)


def _how_far(one: Answered) -> str:
    if one.is_withheld:
        return ABOUT_FEW
    return f"{count(one.answered, 'row')} answered, {count(one.waiting, 'row')} waiting"


def _listed(desk: Desk, mine: list[Attestation]) -> None:
    st.markdown("**What was answered**")
    lines = unnamed((_line(desk, one) for one in mine), _NAMES, sees_names=desk.sees_names)
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        placeholder="–",
        height="content" if len(lines) <= 10 else 380,
        column_config={"Statement": st.column_config.TextColumn(width=320)},
        alt="One row an attestation, the newest first: its state, answer, scope and days",
    )
    pieces = [(one, piece) for one in mine for piece in one.told.evidence]
    if pieces:
        st.markdown("**Evidence**")
        st.dataframe(
            pd.DataFrame([_piece(desk, one, piece) for one, piece in pieces]),
            hide_index=True,
            placeholder="–",
            height="content" if len(pieces) <= 10 else 380,
            column_config={
                "Link": st.column_config.LinkColumn(display_text="open", width="small"),
                "Place": st.column_config.TextColumn(width=360),
                "Bytes": st.column_config.NumberColumn(format="localized"),
            },
            alt="One row a piece of evidence: where it is, its hash, and whether it is the same",
        )


def _line(desk: Desk, one: Attestation) -> dict[str, Any]:
    told, state = one.told, one.state(desk.today)
    return {
        "State": f"{ATTESTATIONS[state]} {state.value}",
        "Answer": ANSWERS[told.answer],
        "Holds for": _scope(desk, one),
        "Tells of": days(window(told.start, told.end)),
        "Until": one.until.isoformat(),
        "Statement": told.statement,
        "Attested by": told.attested_by,
        "Reviewed by": told.reviewer,
        "Withdrawn because": one.withdrawn[1] if one.withdrawn else None,
        "Id": one.id,
    }


def _scope(desk: Desk, one: Attestation) -> str:
    return scope_words(one.told.scope, desk.titles, is_shy=desk.is_shy(one.told.control))


def _piece(desk: Desk, one: Attestation, piece: Evidence) -> dict[str, Any]:
    return {
        "Link": web(piece.place) if not piece.is_file else None,
        "Place": piece.place,
        "Of": f"{ANSWERS[one.told.answer]}, {_scope(desk, one)}, until {one.until}",
        "Kept": _kept(piece).value,
        "SHA-256": piece.sha256,
        "Bytes": piece.size,
    }


def _kept(piece: Evidence) -> Kept:
    """Whether a file is the one that was attested; read again only when it was touched."""
    folder = workspace().folder
    try:
        found = (folder / piece.place).stat() if piece.is_file else None
    except OSError:
        found = None
    mark = (found.st_ino, found.st_mtime_ns, found.st_size) if found else None
    return _compared(piece, str(folder), mark)


@st.cache_data(max_entries=500, show_spinner=False, hash_funcs={Evidence: repr})
def _compared(piece: Evidence, folder: str, mark: tuple[int, ...] | None) -> Kept:
    del mark  # tells a file from what it was
    return verify(piece, Path(folder))


def _withdrawing(desk: Desk, control: str, valid: list[Attestation], slot: str) -> None:
    which, why = f"withdraw of {control}", f"why of {control}"
    titles = {
        one.id: f"{ANSWERS[one.told.answer]}, {_scope(desk, one)}, until {one.until}"
        for one in valid
    }
    with (
        st.expander("Withdraw an answer", icon=":material/undo:"),
        st.form(f"form of {which}", border=False),
    ):
        st.selectbox(
            "Answer", list(titles), key=which, format_func=lambda one: titles.get(one, one)
        )
        st.text_input("Your reason", key=why, max_chars=500, placeholder="a few words")
        st.form_submit_button(
            "Withdraw", icon=":material/undo:", on_click=partial(_withdraw, which, why, slot)
        )
        st.caption(
            f"As **{plain(actor())}**. Its rows wait again; what it replaced stays replaced."
        )


def _withdraw(which: str, why: str, slot: str) -> None:
    def act() -> str:
        chosen = st.session_state[which]
        reason = by(actor(), st.session_state[why])
        withdraw_attestation(Book(workspace().folder), chosen, reason)
        return f"The answer is withdrawn, by {plain(actor())}."

    if decide(slot, act):
        st.session_state[why] = ""
