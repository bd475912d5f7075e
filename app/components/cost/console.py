"""The column that leads to a resource in the console of its provider."""

from __future__ import annotations

from typing import Any

import streamlit as st


def console_column() -> Any:
    """How it is shown: only ids that are known for certain have a link."""
    return st.column_config.LinkColumn(
        display_text="open", width=75,
        help="The console of the provider, where the id in the bill says which resource it is.",
    )  # fmt: skip
