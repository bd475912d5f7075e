"""The pages of costs without a bill: why there is none, and what to write into `cairn.toml`."""

from __future__ import annotations

import shlex

import streamlit as st

from app.components.empty import SOURCES_PAGE
from app.components.published import workspace

EXAMPLE = """\
[[source]]
kind = "bills"
name = "cloud"
path = "bills/*.csv"        # files, a folder, or a pattern; also .csv.gz, .csv.zst, .parquet
delivery = "replacement"    # a newer bill of a period holds instead of an older one

[cost]
rules = "rules.toml"        # whose the charges are; see docs/costs/allocation.md
"""
"""A part of `cairn.toml` that brings bills."""


def no_bills() -> None:
    """Says that no bill was read, and how to have one read."""
    with st.container(border=True):
        st.header("No bill was read yet", icon=":material/receipt_long:", anchor=False)
        st.markdown(
            "Costs come from bills in the form of FOCUS, as files that a provider exports. Name "
            "them in `cairn.toml`:"
        )
        st.code(EXAMPLE, language="toml")
        st.markdown("See what a file holds, and what would be refused of it; then read it:")
        folder = shlex.quote(str(workspace().folder))
        st.code(f"cairn cost check bills/*.csv\ncairn --data {folder} sync", language=None)
        st.page_link(SOURCES_PAGE, label="See the sources", icon=":material/database:")


def no_commitments(currency: str) -> None:
    """Says that no bill in a currency tells of a commitment."""
    with st.container(border=True):
        st.header("No bill tells of a commitment", icon=":material/handshake:", anchor=False)
        st.markdown(
            f"No charge in {currency} names one (column `CommitmentDiscountId`). Either nothing "
            "was bought ahead, or the export leaves that column out: choose another currency or "
            "source in the sidebar, or have the provider export it."
        )
