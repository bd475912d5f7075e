"""Data: pipelines with their success and freshness, and datasets with their checks."""

from __future__ import annotations

import streamlit as st

from app.components.discipline import DATASETS, PIPELINES
from app.components.figures import figures
from app.components.lineage import lineage

_ABOUT = {PIPELINES.key: PIPELINES, DATASETS.key: DATASETS}

if st.session_state.get(PIPELINES.beside) not in _ABOUT:
    asked = st.query_params.get(PIPELINES.beside, "")
    st.session_state[PIPELINES.beside] = asked if asked in _ABOUT else PIPELINES.key
with st.sidebar:
    about = st.segmented_control(
        "About", list(_ABOUT), key=PIPELINES.beside, format_func=str.capitalize, required=True,
        width="stretch",
    )  # fmt: skip
figures(_ABOUT[about or PIPELINES.key], lineage)
