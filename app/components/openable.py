"""A table in which one row can be chosen, to be told more of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

Line = Mapping[str, Any]
"""What a row shows, by the name of the column."""


def openable(
    lines: Sequence[Line] | pd.DataFrame,
    on_choose: Callable[[int | None], None],
    *,
    key: str,
    alt: str,
    columns: Mapping[str, Any] | None = None,
    tall: tuple[int, int] | None = None,
) -> None:
    """Shows the table.

    Args:
        lines: its rows.
        on_choose: told which row is chosen, from 0, before the page is drawn again; None: none is
            any more.
        key: what tells the table from others, and from itself with other rows.
        alt: what it shows, for who cannot see it.
        columns: how columns are shown, as Streamlit takes it.
        tall: how many rows are all shown, and the height in pixels if there are more; None: all.
    """

    def choose() -> None:
        picked = st.session_state[key]["selection"]["rows"]
        on_choose(picked[0] if picked else None)

    st.dataframe(
        pd.DataFrame(lines),
        key=key,
        hide_index=True,
        placeholder="–",
        height="content" if tall is None or len(lines) <= tall[0] else tall[1],
        column_config=columns,
        on_select=choose,
        selection_mode="single-row",
        alt=alt,
    )
