"""Services that nobody owns, and patterns that own nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd
import streamlit as st

from app.components.wording import plain
from data.health.ownership import IdlePattern, Unowned

MOST = 1000


def owners(unowned: Sequence[Unowned], idle: Sequence[IdlePattern]) -> None:
    """Shows both lists, or that there is nothing to mend."""
    if not unowned:
        st.markdown(":material/check_circle: Every service has an owner.")
    else:
        st.markdown(
            f":material/person_off: **{len(unowned):,} services that nobody owns.** Their figures "
            "count for “Unowned”. Add a pattern to a team's `owns` in cairn.toml."
        )
        _unowned(unowned[:MOST])
    if not idle:
        st.markdown(":material/check_circle: Every ownership pattern matches something.")
    else:
        st.markdown(
            f":material/rule: **{len(idle):,} patterns that match nothing.** Correct them, or "
            "remove them."
        )
        st.table(
            {"Team": [plain(i.team) for i in idle], "Pattern": [plain(i.pattern) for i in idle]},
            border="horizontal",
            hide_index=True,
            width="content",
            alt="Ownership patterns that match nothing",
        )


def _unowned(shown: Sequence[Unowned]) -> None:
    rows = pd.DataFrame([asdict(service) for service in shown])
    rows["url"] = rows["url"].where(rows["url"].str.match(r"https?://", na=False), None)
    config = st.column_config
    st.dataframe(
        rows,
        hide_index=True,
        placeholder="–",
        column_config={
            "url": config.LinkColumn("source", display_text="open", width="small"),
            "last_deployed_at": config.DatetimeColumn(
                "last deployed (UTC)", format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
        },
        alt="Services that nobody owns",
    )
