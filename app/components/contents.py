"""What stands below on a long page, as links to it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

_ALWAYS = {"Trend": "trend", "Rows": "rows"}


def contents(parts: Mapping[str, str]) -> None:
    """Shows links to the parts of a page, and to those that every page of figures has.

    Args:
        parts: anchors by title, in the order of the page.
    """
    links = [f"[{title}](#{anchor})" for title, anchor in {**parts, **_ALWAYS}.items()]
    st.markdown(f":small[On this page: {' · '.join(links)}]")
