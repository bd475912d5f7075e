"""What a waiver would cover, told before anybody asks for it."""

from __future__ import annotations

import streamlit as st

from app.components.decisions.desk import Desk
from app.components.decisions.judged import Judged
from app.components.decisions.words import count
from app.components.governance.signs import share
from app.viewer import ABOUT_FEW
from app.wording import message
from data.controls.state import State
from data.controls.waivable import covered
from data.decisions.scope import Scope, ScopeRefused, parse_scope


def preview(desk: Desk, found: Judged, written: str) -> None:
    """Says what a waiver with a scope would cover, before anybody asks for it."""
    if found.is_withheld:
        st.caption(f"How many rows fail is withheld: {ABOUT_FEW}.")
        return
    fails = len(found.failing)
    try:
        scope = parse_scope(written) if written else None
    except ScopeRefused as error:
        st.caption(f":material/block: {message(f'{error.what}; {error.fix}')}")
        return
    if scope is None:
        st.caption(f"{count(fails, 'row')} of {found.control.id} fail in the period.")
        return
    if found.hides(scope, desk.above):
        st.markdown(f":material/filter_alt: What it would cover is withheld: {ABOUT_FEW}.")
        return
    mine = covered(found.failing, scope, desk.above)
    would = f"It would cover **{len(mine):,} of {count(fails, 'failing row')}** of the period. "
    if not fails:
        would = "None of the rows fails in the period: it would cover what fails later. "
    st.markdown(f":material/filter_alt: {would}{_rates(found, scope, desk)}")


def _rates(found: Judged, scope: Scope, desk: Desk) -> str:
    if not found.failing:
        return ""
    counts = found.counts
    mine = covered([one for one in found.failing if one.waiver is None], scope, desk.above)
    judged = counts.judged - counts.waived - len(mine)
    would = counts.of(State.PASS) / judged if judged else None
    return (
        f"{share(counts.pass_rate)} pass without waivers, "
        f"{share(counts.pass_rate_with_waivers)} with those in force today, "
        f"{share(would)} with this one too."
    )
