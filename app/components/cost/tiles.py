"""The figures a page of costs begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure."""

    label: str
    value: str
    aside: str
    """A line below it, in Markdown."""
    help: str


def tiles(shown: Sequence[Tile]) -> None:
    """Shows them in rows that wrap where it is narrow."""
    with st.grid(5, min_column_width=176):
        for tile in shown:
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.metric(tile.label, tile.value, help=tile.help)
                st.caption(tile.aside)
