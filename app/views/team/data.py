"""Data: pipelines with their success and freshness, and datasets with their checks."""

from __future__ import annotations

import streamlit as st

from app.components.contents import contents
from app.components.discipline import DATASETS, PIPELINES
from app.components.figures import figures
from app.components.lineage import lineage
from app.components.pipelines import pipelines
from app.components.question import Question
from app.components.runs import checks, runs
from data.metrics.catalogue import Catalogue
from data.metrics.subject import Subject
from data.store.snapshot import Snapshot

_ABOUT = {PIPELINES.key: PIPELINES, DATASETS.key: DATASETS}


def flows(snapshot: Snapshot, known: Catalogue, asked: Question) -> None:
    """The pipelines of the scope, of one that is named its runs and checks; the lineage of all."""
    is_pipelines = asked.subject is Subject.PIPELINE
    listed = {"Pipelines": "pipelines"} if is_pipelines else {"Checks": "checks"}
    of_one = {"Runs": "runs", "Checks": "checks"} if is_pipelines and asked.item else {}
    contents({**listed, **of_one, "Lineage": "lineage"})
    if is_pipelines:
        pipelines(snapshot, known, asked)
        if asked.item is not None:
            runs(snapshot, asked, asked.item)
            checks(snapshot, asked)
    else:
        checks(snapshot, asked)
    lineage(snapshot, known, asked)


if st.session_state.get(PIPELINES.beside) not in _ABOUT:
    asked = st.query_params.get(PIPELINES.beside, "")
    st.session_state[PIPELINES.beside] = asked if asked in _ABOUT else PIPELINES.key
with st.sidebar:
    about = st.segmented_control(
        "About", list(_ABOUT), key=PIPELINES.beside, format_func=str.capitalize, required=True,
        width="stretch",
    )  # fmt: skip
figures(_ABOUT[about or PIPELINES.key], flows)
