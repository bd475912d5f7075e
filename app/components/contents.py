"""What stands below on a long page, as links to it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

_ALWAYS = {"Trend": "trend", "Rows": "rows"}


def contents(parts: Mapping[str, str], *, has_more: bool = True) -> None:
    """Shows links to the parts of a page.

    Args:
        parts: anchors by title, in the order of the page.
        has_more: whether those follow that every page of figures has.
    """
    links = [
        f"[{title}](#{anchor})"
        for title, anchor in {**parts, **(_ALWAYS if has_more else {})}.items()
    ]
    st.markdown(f":small[On this page: {' · '.join(links)}]")
