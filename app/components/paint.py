"""First the figures, then what is heavy to draw.

The chart library is five times as much code as the rest of a page. Sent with the figures it would
hold them up, so the first run of a session ends after them, and the browser asks for the rest as
soon as it has drawn them.
"""

from __future__ import annotations

import streamlit as st

_ASKED = "figures were sent"
PAINTED = "figures are drawn"
"""Key of the session state: whether the browser has drawn the first figures."""


def is_painted() -> bool:
    """Whether this session's browser has drawn its first figures; if not, it will ask again."""
    if not st.session_state.get(PAINTED, False):
        _ask_again()
    return bool(st.session_state.get(PAINTED, False))


@st.fragment(run_every=0.5)
def _ask_again() -> None:
    """Does nothing at first; when the browser calls back, runs the whole page."""
    if st.session_state.get(_ASKED, False):
        st.session_state[PAINTED] = True
        st.rerun()
    st.session_state[_ASKED] = True
    st.skeleton(height=420)
