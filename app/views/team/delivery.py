"""Delivery: the five DORA metrics, their trend, their parts, and the rows behind each figure."""

from __future__ import annotations

import streamlit as st

from app.components import loaded
from app.components.computed import computed
from app.components.empty import Cause, empty
from app.components.evidence import Evidence, evidence
from app.components.filters import ADDRESS, filters
from app.components.heading import heading, rows_heading
from app.components.heat import heat
from app.components.history import history
from app.components.paint import is_painted
from app.components.published import current
from app.components.tile import tiles
from data.health.absence import absence

snapshot = current()
known = loaded.names(snapshot)
asked = filters(known)


def choose(metric: str, group: str = "", period: str = "") -> None:
    """Points trend and rows at a figure: that of a tile, of a cell or of a period."""
    st.session_state.update({"metric": metric, "group": group, "period": period})


heading(known, asked)
board = loaded.totals(snapshot, asked)
nothing = board.total("deployment_frequency").reason
if nothing is not None:
    empty(Cause.of(absence(snapshot, asked.scope, nothing)), ADDRESS.clear)
    st.stop()

tiles(board, asked.metric, choose)
if not is_painted():
    st.stop()

history(board, known, asked, choose)
if asked.scope.service is None:
    heat(loaded.parts(snapshot, asked), known, asked, choose)
answer = loaded.chosen(snapshot, asked)
rows_heading(known, asked)
evidence(Evidence(snapshot, asked, answer))
computed(snapshot, asked, answer)
