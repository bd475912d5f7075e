"""Exceptions beside the figure they do not change: how many rows they excuse, and their list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from app.components.published import workspace
from app.components.question import Question
from app.excused import summary
from app.wording import day as in_words
from data.decisions.book import Book
from data.decisions.exception import METRIC, Exceptions, GateException
from data.decisions.exception import exceptions as decided_in
from data.inventory.models import models
from data.metrics.definition import definition
from data.metrics.excused import excused
from data.store.snapshot import Snapshot


def exceptions(snapshot: Snapshot, question: Question) -> None:
    """Says how many of the rows shown have an exception in force, and lists those there are."""
    if question.metric != METRIC:
        return
    decided = decided_in(Book(workspace().folder))
    scope, window = question.rows_scope, question.rows_window
    found = excused(snapshot, definition(METRIC), scope, window, decided)
    st.markdown(summary(found))
    names = set(models(snapshot, scope).column("model").to_pylist())
    shown = listed(Exceptions(tuple(one for one in decided.all if one.model in names)), found.day)
    if shown:
        st.dataframe(
            pd.DataFrame(shown),
            hide_index=True,
            placeholder="–",
            column_config={
                "Decided (UTC)": st.column_config.DatetimeColumn(
                    format="YYYY-MM-DD HH:mm", timezone="UTC"
                ),
                "Until": st.column_config.DateColumn(format="YYYY-MM-DD"),
            },
            alt=f"Exceptions of the models shown and their state on {in_words(found.day)}",
        )


def listed(decided: Exceptions, day: date) -> Sequence[dict[str, Any]]:
    """One row an exception, those in force first, then by end."""
    found = sorted(decided.all, key=lambda one: (one.state(day).value != "in force", one.until))
    return [_line(one, day) for one in found]


def _line(one: GateException, day: date) -> dict[str, Any]:
    return {
        "Model": one.model,
        "Version": one.version or "every",
        "Excuses": ", ".join(one.excuses),
        "State": one.state(day).value,
        "Until": one.until,
        "Reason": one.reason,
        "Asked by": one.asked_by,
        "Approved by": one.approved_by,
        "Decided (UTC)": one.decided_at,
        "Decision": one.id,
    }
