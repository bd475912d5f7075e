"""Rows that a decision is about, each with a link to its source."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.components.decisions.desk import Desk
from app.components.decisions.words import count
from app.components.incidents import web
from data.controls.outcome import Result

MOST = 50


def rows(desk: Desk, found: Sequence[Result], what: str) -> None:
    """Lists the first of them; the page of the control has all."""
    if not found:
        return
    shown = found[:MOST]
    with st.expander(f"{what}: {count(len(found), 'row')}", icon=":material/table_rows:"):
        if len(found) > len(shown):
            st.caption(f"The first {MOST} are listed; the page of the control has all.")
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        "Source": web(one.url),
                        "What": one.title,
                        "Because": one.detail,
                        "Team": desk.titles.get(one.team or "", one.team) or "of no team",
                        "When (UTC)": one.happened_at,
                    }
                    for one in shown
                ]
            ),
            hide_index=True,
            placeholder="–",
            height="content" if len(shown) <= 10 else 380,
            column_config={
                "Source": st.column_config.LinkColumn(display_text="open", width="small"),
                "What": st.column_config.TextColumn(width=300),
                "Because": st.column_config.TextColumn(width=320),
                "When (UTC)": st.column_config.DatetimeColumn(
                    format="YYYY-MM-DD HH:mm", timezone="UTC"
                ),
            },
            alt=what,
        )
