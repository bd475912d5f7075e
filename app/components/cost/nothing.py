"""The pages of costs without a bill: why there is none, and what to write into `cairn.toml`."""

from __future__ import annotations

import shlex

import streamlit as st

from app.components.cost.quarantine import quarantine
from app.components.empty import SOURCES_PAGE
from app.components.published import current, workspace
from data.costs.views.asked import Asked, has_bills
from data.costs.views.reconciled import files

EXAMPLE = """\
[[source]]
kind = "bills"
name = "cloud"
# files, a folder, or a pattern
path = "bills/*.csv"
# a newer bill replaces an older
delivery = "replacement"

# later, to say whose the charges are:
# [cost]
# rules = "rules.toml"
"""
"""A part of `cairn.toml` that brings bills."""


def no_bills(tells: str) -> None:
    """Says that no bill was read, or that nothing of them counts, and what to do.

    Args:
        tells: what the page tells once there are bills, as `This page …`.
    """
    if has_bills(current()):
        _no_row()
        return
    with st.container(border=True):
        st.header("No bill was read yet", icon=":material/receipt_long:", anchor=False)
        st.markdown(
            f"This page {tells}. It is made from bills: files in the form of FOCUS, or exports of "
            "AWS, Azure, Google Cloud and OpenCost. Name them in `cairn.toml`:"
        )
        st.code(EXAMPLE, language="toml")
        st.markdown("See what a file holds, and what would be refused of it; then read it:")
        folder = shlex.quote(str(workspace().folder))
        st.code(f"cairn cost check bills/*.csv\ncairn --data {folder} sync", language=None)
        st.page_link(SOURCES_PAGE, label="See the sources", icon=":material/database:")


def _no_row() -> None:
    with st.container(border=True):
        st.header("No row of the bills can be counted", icon=":material/block:", anchor=False)
        st.markdown(
            "Bills were read, and each of their rows is refused. Mend them, or say how they are "
            "written (`form` of the source)."
        )
    quarantine(current(), Asked(), files(current(), Asked()))


def no_commitments(currency: str) -> None:
    """Says that no bill in a currency tells of a commitment."""
    with st.container(border=True):
        st.header("No bill tells of a commitment", icon=":material/handshake:", anchor=False)
        st.markdown(
            f"No charge in {currency} names one (column `CommitmentDiscountId`). Either nothing "
            "was bought ahead, or the export leaves that column out: choose another currency or "
            "source in the sidebar, or have the provider export it."
        )
