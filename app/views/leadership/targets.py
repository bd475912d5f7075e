"""Targets: which of the twenty are met, which are missed, and what is not known."""

from __future__ import annotations

import streamlit as st

from app.components import loaded
from app.components.discipline import AMBITIONS
from app.components.filters import narrow
from app.components.heading import team_title
from app.components.published import current, workspace
from app.components.targets import standing, summary
from app.wording import days, plain
from data.decisions.baseline import baselines
from data.decisions.book import Book

snapshot = current()
known = loaded.names(snapshot)
asked = narrow("targets", known)
decided = baselines(Book(workspace().folder))
metrics = tuple(metric for ambition in AMBITIONS for metric in ambition.metrics)
board = loaded.targets(snapshot, metrics, asked, decided)
st.title("Targets", anchor=False)
st.markdown(
    f"**{plain(team_title(known, asked[0].team))}** · {days(asked[1])} · {summary(board, metrics)}"
)
for ambition in AMBITIONS:
    st.header(ambition.title, anchor=False)
    with st.grid(5, min_column_width=176):
        for metric in ambition.metrics:
            with st.container(border=True, height="stretch", gap="xsmall"):
                standing(board, metric, asked, decided)
