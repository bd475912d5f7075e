"""Which figure of a page of costs is open, so that its lines are shown below its table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

OPEN = "open"
"""Key of the address: the kind of the figure and its name, as `rule:by-tag`."""


def open_of(kind: str) -> str | None:
    """The name of the figure of a kind that is open; None: none of them is."""
    found, _, name = str(st.session_state.get(OPEN, "")).partition(":")
    return name if found == kind else None


def opening(kind: str, names: Sequence[str]) -> Callable[[int | None], None]:
    """Opens the figure in a row of a table, and closes it when none is chosen any more."""

    def choose(at: int | None) -> None:
        if at is not None:
            st.session_state[OPEN] = f"{kind}:{names[at]}"
        elif open_of(kind) is not None:
            st.session_state[OPEN] = ""

    return choose
