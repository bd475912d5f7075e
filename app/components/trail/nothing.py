"""The page without a log: why there is none, and what to do."""

from __future__ import annotations

import shlex

import streamlit as st

from app.components.published import workspace


def nothing_logged() -> None:
    """Says that nothing was ever logged."""
    with st.container(border=True):
        st.header("Nothing was logged yet", icon=":material/history_edu:", anchor=False)
        st.markdown(
            "The log begins with the first sync: it writes down what sources tell, what changed "
            "since the last time, and what was decided, and signs it. If a sync was made, its last "
            "lines say why it could not write the log. Run it again:"
        )
        st.code(f"cairn --data {shlex.quote(str(workspace().folder))} sync", language=None)
