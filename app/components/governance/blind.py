"""What controls cannot see: which right would open their eyes, and which source would tell."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.components.governance.signs import REASONS
from app.components.governance.tellers import teller
from app.viewer import FEW
from app.wording import lacking, listed, message, plain
from data.controls.blindness import BlindSpot, Untold

_MOST = 100
_MOST_NAMES = 8
_MOST_CONTROLS = 12


def refused(spots: Sequence[BlindSpot]) -> None:
    """Lists what sources refuse, that which most controls wait for first."""
    st.header("What sources refuse", anchor="refused")
    if not spots:
        st.markdown(
            ":material/check_circle: No source refuses anything that a control looks at."
        )  # fmt: skip
        return
    st.markdown(
        ":small[What would open the eyes of most controls stands first. A row that several "
        "controls wait for counts once for each of them.]"
    )
    shown = spots[:_MOST]
    st.table(
        {
            "What is not seen, and where": [_what(one) for one in shown],
            "What would open it": [_sentence(one.fix) for one in shown],
            "Controls": [_controls(one.controls) for one in shown],
            "Rows": [_rows(one) for one in shown],
        },
        border="horizontal",
        hide_index=True,
        alt="One row a missing right: what is not seen and where, what would open it, which "
        "controls wait for it, and how many of their rows",
    )
    if len(spots) > len(shown):
        st.caption(f"The first {_MOST} of {len(spots):,}.")


def not_told(found: Sequence[Untold]) -> None:
    """Lists what no source tells, and what single sources never tell."""
    st.header("What no source tells", anchor="untold")
    nowhere = [one for one in found if one.source is None]
    if nowhere:
        st.table(
            {
                "Evidence": [plain(_named(one.entity)) for one in nowhere],
                "Which kind of source would tell it": [message(teller(e.entity)) for e in nowhere],
                "Controls": [_controls(one.controls) for one in nowhere],
                "Rows": [
                    _counted(one) if one.members or one.is_withheld else "–" for one in nowhere
                ],
            },
            border="horizontal",
            hide_index=True,
            alt="One row a kind of evidence that no source tells, and which kind of source would",
        )
    else:
        st.markdown(":material/check_circle: Each kind of evidence is told by some source.")
    here = [one for one in found if one.source is not None]
    if here:
        st.markdown("**What single sources never tell, though others do**")
        st.table(
            {
                "Source": [plain(one.source or "") for one in here],
                "Evidence": [plain(_named(one.entity)) for one in here],
                "Controls": [_controls(one.controls) for one in here],
                "Rows": [_counted(one) for one in here],
            },
            border="horizontal",
            hide_index=True,
            alt="One row a source and a kind of evidence that it never tells",
        )


def _what(one: BlindSpot) -> str:
    entities = ", ".join(_named(entity) for entity in one.entities if entity != "gap")
    places = plain(listed(one.repositories, _MOST_NAMES)) or "all of it"
    where = f"{plain(one.source)}: {places}"
    seen = f"**{plain(entities)}** of {where}" if entities else where
    return f":orange-badge[:material/lock: {REASONS[one.reason]}] {seen}{_because(one)}"


def _because(one: BlindSpot) -> str:
    """What the source says of it, of one place; the places of several were told in other words."""
    if len(one.repositories) > 1:
        return ""
    told = lacking(one.source, one.what)
    for place in one.repositories:
        told = told.removeprefix(f"{place}: ")
    return f". {_sentence(told)}"


def _sentence(text: str) -> str:
    """A sentence; a name that it begins with is spelt as it is."""
    is_named = text.partition(" ")[0].endswith(":")
    first = text[:1] if is_named else text[:1].upper()
    return message(first + text[1:].rstrip(".")) + "."


def _named(entity: str) -> str:
    return entity.replace("_", " ")


def _controls(names: Sequence[str]) -> str:
    if not names:
        return "none"
    return f"**{len(names)}**: {plain(listed(list(names), _MOST_CONTROLS))}"


def _rows(one: BlindSpot) -> str:
    if one.is_open_ended:
        return (
            f"{_counted(one)}, and more that nobody can count"
            if one.members or one.is_withheld
            else "nobody can count them"
        )
    return _counted(one)


def _counted(one: BlindSpot | Untold) -> str:
    """How many there are; those of too few people are withheld, and not none."""
    if not one.is_withheld:
        return f"{one.members:,}"
    return f"{one.members:,}, and those of {FEW}: withheld" if one.members else f"withheld: {FEW}"
