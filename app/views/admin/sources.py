"""Sources: how fresh the data is, what is missing and why, and what nobody owns."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from app.components.configured import configured_sources
from app.components.gaps import gaps_table
from app.components.owners import owners
from app.components.provenance import provenance
from app.components.published import current, workspace
from app.components.source_table import source_table
from app.wording import ago, plain
from data.health.ownership import idle_patterns, unowned, unowned_repositories
from data.health.sources import source_health
from data.health.writer import writer

snapshot = current()
now = datetime.now(UTC)
sources = source_health(snapshot, configured_sources(workspace()), now)

st.title("Sources", anchor=False)
st.markdown(
    "How far the figures can be trusted: what was read when, what is missing, what nobody owns."
)

at_work = writer(workspace())
if at_work is not None:
    since = f", since {ago(at_work.started_at, now)}" if at_work.started_at else ""
    st.info(
        f"**{plain(at_work.purpose or 'A sync')}** is running{since}. Pages show the snapshot "
        "before it until it has published.",
        icon=":material/sync:",
    )

st.header("What was read", anchor="read")
source_table(sources, now)

st.header("What is missing", anchor="gaps")
gaps_table([gap for source in sources for gap in source.gaps])

st.header("Who owns what", anchor="owners")
owners(unowned(snapshot), unowned_repositories(snapshot), idle_patterns(snapshot))

st.header("What this page is made from", anchor="snapshot")
provenance(snapshot)
