"""Who decides on a page: a name that the reader gives, since there is no sign-in yet."""

from __future__ import annotations

import streamlit as st

from app.deciding.who import who_decides
from app.listening import is_alone

_FIELD = "name of who decides"
_KEPT = "kept name of who decides"


def may_decide() -> bool:
    """Whether decisions are taken from pages: only if this machine alone can reach them."""
    allowed = st.get_option("server.allowedHosts") or ()
    return is_alone(st.get_option("server.address"), allowed, list(st.context.headers))


def actor() -> str:
    """The name that was given last, else the user of this machine."""
    name: str = st.session_state.setdefault(_KEPT, who_decides(None))
    return name


def ask_who(*, is_allowed: bool) -> None:
    """Asks for the name, or says why nothing is decided here."""
    if not is_allowed:
        st.info(
            "Others can reach these pages, and there is no sign-in yet: nothing is decided here, "
            "but with `cairn waiver`, `cairn attest` and `cairn access-review`.",
            icon=":material/lock:",
        )
        return
    st.session_state[_FIELD] = actor()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "You decide as",
            key=_FIELD,
            on_change=_keep,
            max_chars=100,
            width=260,
            help="Kept while this browser window is open, and written down with each decision.",
        )
        st.caption(
            "There is no sign-in yet: the name is the word of whoever sits at this machine.",
            width=420,
        )


def _keep() -> None:
    st.session_state[_KEPT] = st.session_state[_FIELD].strip()
