"""Who decides on a page: who is signed in, or, where nobody has to, a name that is given."""

from __future__ import annotations

import streamlit as st

from app.access.standing import Standing
from app.components.sign_in import reader
from app.deciding.who import who_decides
from app.listening import is_alone

_FIELD = "name of who decides"
_KEPT = "kept name of who decides"


def may_decide() -> bool:
    """Whether decisions are taken from pages: by who is signed in, or from this machine alone.

    Raises:
        ConfigurationError: if it is not clear whether people must sign in.
    """
    standing = reader().standing
    if standing is not Standing.NOT_ASKED:
        return standing.is_let_in
    allowed = st.get_option("server.allowedHosts") or ()
    return is_alone(st.get_option("server.address"), allowed, list(st.context.headers))


def actor() -> str:
    """Who is signed in; else the name that was given last, else the user of this machine.

    Raises:
        ConfigurationError: if it is not clear whether people must sign in.
    """
    account = reader().account
    if account is not None:
        return account
    name: str = st.session_state.setdefault(_KEPT, who_decides(None))
    return name


def ask_who(*, is_allowed: bool) -> None:
    """Says as whom decisions are taken, asks for the name, or says why nothing is decided here."""
    if not is_allowed:
        st.info(
            "Others can reach these pages, and nobody signs in: nothing is decided here, but with "
            "`cairn waiver`, `cairn attest` and `cairn access-review`. With `[sign_in]` in "
            "`cairn.toml` it would be.",
            icon=":material/lock:",
        )
        return
    account = reader().account
    if account is not None:
        with st.container(gap=None):
            st.caption("You decide as who is signed in")
            st.text(account)  # as Markdown an address would be a link
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
            "Nobody signs in here: the name is the word of whoever sits at this machine.",
            width=420,
        )


def _keep() -> None:
    st.session_state[_KEPT] = st.session_state[_FIELD].strip()
