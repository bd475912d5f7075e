"""The part about waivers: all of them, and the one that is opened."""

from __future__ import annotations

import streamlit as st

from app.components.address import Address
from app.components.decisions.act import outcome
from app.components.decisions.desk import Desk
from app.components.decisions.judged import judged
from app.components.decisions.waiver_card import waiver_card
from app.components.decisions.waiver_request import SLOT
from app.components.decisions.waiver_table import CHOSEN, filtered, waiver_table
from app.wording import days, plain


def waivers(desk: Desk, address: Address) -> None:
    """Shows the table, and below it the waiver that is chosen."""
    st.header("Waivers", anchor="waivers")
    outcome(SLOT)
    asked = st.session_state[CHOSEN]
    if asked and desk.made.waivers.find(asked) is None:
        st.warning(f"There is no waiver `{plain(asked)}`.", icon=":material/link_off:")
    mine = filtered(desk)
    if not mine:
        _nothing(desk, address)
        return
    st.markdown(
        f":small[As they stand today. What a waiver covers fails all the same: both rates of "
        f"{days(desk.asking.window)} stand side by side. Choose one to see its rows and history, "
        "and to answer.]"
    )
    controls = desk.rules.examination.known.controls
    names = dict.fromkeys(one.control for one in mine)
    found = judged(desk, [controls[name] for name in names if name in controls])
    one = waiver_table(desk, address, mine, found)
    if one is not None:
        waiver_card(desk, one, found.get(one.control))


def _nothing(desk: Desk, address: Address) -> None:
    """Says that there is none, or that the filters leave none."""
    is_filtered = bool(desk.made.waivers.all)
    with st.container(border=True):
        if is_filtered:
            st.header("The filters leave no waiver", icon=":material/filter_alt_off:", anchor=False)
            st.markdown("Choose another team, framework or control in the sidebar, or start over.")
            st.button("Start over", icon=":material/restart_alt:", on_click=address.clear)
        else:
            st.header("No waiver was ever asked for", icon=":material/shield:", anchor=False)
            st.markdown(
                "A failing row may stand for a time if somebody asks, somebody else approves, and "
                "it ends. *Request a waiver* above asks for one; it stays listed here for ever."
            )
