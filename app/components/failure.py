"""An error as a reader should meet it: what, where and what to do."""

from __future__ import annotations

import streamlit as st

from app.wording import message
from data.errors import CairnError


def failure(error: CairnError) -> None:
    """Shows an error instead of a page."""
    with st.container(border=True):
        st.header("This page cannot be shown", icon=":material/error:", anchor=False)
        st.markdown(f"**{message(error.what[:1].upper() + error.what[1:])}**")
        if error.where:
            st.code(error.where, language=None, wrap_lines=True)
        st.markdown(f"What to do: {message(error.fix)}.")
