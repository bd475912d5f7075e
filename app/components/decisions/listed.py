"""Decisions in a table, one of which is opened: by a click on its row, or by its name below."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from app.components.address import Address
from app.components.decisions.desk import Desk
from app.components.openable import Line, openable
from app.viewer import FEW_WITHHELD, NAMES_HIDDEN, unnamed


def listed(
    desk: Desk,
    lines: Mapping[str, Line],
    field: str,
    *,
    names: Collection[str],
    alt: str,
    columns: Mapping[str, Any],
    tall: tuple[int, int] | None = None,
) -> None:
    """Shows the table.

    Args:
        desk: what the page is made from.
        lines: a row for each decision, by its id.
        field: of the address, that holds the id of the one that is opened.
        names: columns that name people.
        alt: what it shows, for who cannot see it.
        columns: how columns are shown.
        tall: as `openable` takes it.
    """
    ids = list(lines)

    def choose(at: int | None) -> None:
        st.session_state[field] = ids[at] if at is not None else ""

    openable(
        unnamed(lines.values(), names, sees_names=desk.sees_names),
        choose,
        key=f"{field} {ids} {desk.rules.key}",
        alt=alt,
        columns=columns,
        tall=tall,
    )
    if not desk.sees_names:
        st.caption(f"{NAMES_HIDDEN} {FEW_WITHHELD}")


def opened(address: Address, field: str, titles: Mapping[str, str], label: str) -> str:
    """The id of the one that is opened; empty: none.

    Args:
        address: of the page.
        field: that holds the id.
        titles: what each is called, by its id.
        label: of the field.
    """
    address.choose(field, ["", *titles])
    chosen: str = st.selectbox(
        label,
        ["", *titles],
        key=field,
        format_func=lambda name: titles.get(name, "none"),
        help="A click on a row of the table chooses it as well.",
    )
    return chosen
