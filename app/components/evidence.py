"""The rows behind a figure: that they add up to it, one page of them, and all of them as a file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from app.components.export import csv_of, export_of
from app.components.loaded import summed
from app.components.published import reopened, workspace
from app.components.question import Question
from app.components.taken import download
from app.value import told
from app.wording import counted
from data.metrics.definition import Definition, Unit
from data.metrics.engine import Evaluation
from data.metrics.evidence import Sum, page_of_rows
from data.store.snapshot import Snapshot

PAGE_ROWS = 100
_MEASURED = 100
"""Pixels of a column of what is measured, so that amounts of another row are not cut."""

_SPANS = {"lead_seconds": "lead time", "recovery_seconds": "recovery time"}
"""What spans are called that are not called after their column."""
_CERTAIN = ("is_known", "is_assured")
"""Shown only where a row lacks it."""
_SHARED = ("target", "good_share", "budget_left")
_LINKS = {"url": "source", "deployment_url": "deployment", "failure_url": "failure",
          "run_url": "run", "incident_url": "incident"}  # fmt: skip
_WORDS = {"is_failed": "failed", "is_rework": "rework", "is_baseline": "first ever",
          "is_rollback": "rollback", "is_first_failure": "first of a row",
          "is_known": "value known", "link_method": "linked by",
          "told_cost": "cost with an activity", "whole_cost": "all cost",
          "is_assured": "failure would be known",
          "merged_at": "merged (UTC)", "deployed_at": "deployed (UTC)",
          "recovered_at": "recovered (UTC)"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """A figure whose rows are shown."""

    snapshot: Snapshot
    question: Question
    answer: Evaluation
    """Of the rows' scope and window: its one figure is what they add up to."""


def evidence(shown: Evidence) -> None:
    """Shows the rows with the sum that proves them, a page at a time."""
    metric, question = shown.answer.definition, shown.question
    found = summed(shown.snapshot, question)
    if not found.rows:
        st.markdown("There is no row: nothing of this kind is known.")
        return
    st.markdown(proof(shown.answer, found))
    pages = math.ceil(found.rows / PAGE_ROWS)
    slot = st.container()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        page = _page(pages, question)
        _download(shown, found)
    rows = page_of_rows(
        shown.snapshot, metric, question.rows_scope, question.rows_window,
        (page - 1) * PAGE_ROWS, PAGE_ROWS,
    )  # fmt: skip
    slot.dataframe(
        _readable(rows.to_pandas(), metric),
        hide_index=True,
        column_order=_order(rows.column_names, metric),
        column_config=_columns(rows.column_names, metric),
        placeholder="–",
        alt=f"Rows behind {metric.title}, newest first, page {page} of {pages}",
    )


def proof(answer: Evaluation, found: Sum) -> str:
    """How the rows make the figure, in one line with a sign whether they do."""
    metric, figure = answer.definition, answer.figures[0]
    if figure.value is None or found.measure is None:
        return (
            f"{counted(metric.id, found.counted)}, {found.known:,} with a known value: no figure."
        )
    value = told(figure, metric.unit)
    if metric.per is not None:
        length = 1 if metric.per == "day" else 7
        made = f"{found.measure:,.0f} {metric.measured_as or metric.counts[1]}"
        total = f"{made} in {figure.days:,} days"
        fits = math.isclose(found.measure * length / figure.days, figure.value)
    else:
        total, fits = _shared(metric, found), math.isclose(found.measure, figure.value)
    sign = ":material/check_circle:" if fits and found.known == figure.n else (
        ":material/error: **does not add up**")  # fmt: skip
    return f"{sign} {total} = **{value}**"


def _shared(metric: Definition, found: Sum) -> str:
    if metric.unit is Unit.FRACTION and metric.measured_as is not None:
        part = round((found.measure or 0.0) * found.known)
        unknown = found.counted - found.known
        beside = f", {unknown:,} more unknown" if unknown else ""
        return f"{part:,} of {counted(metric.id, found.known)} {metric.measured_as}{beside}"
    how = "weighted mean" if metric.divided_by is not None else "median"
    return f"{how} of {found.known:,} of {counted(metric.id, found.counted)}"


def _page(pages: int, question: Question) -> int:
    """The page to show; each figure has its own, so that another one begins at the first."""
    return st.pagination(pages, key=f"page {hash(question)}") if pages > 1 else 1


def _download(shown: Evidence, found: Sum) -> None:
    question, answer = shown.question, shown.answer
    snapshot, folder = shown.snapshot.id, workspace().folder

    def all_rows() -> bytes:
        with reopened(folder, snapshot) as opened:
            return csv_of(
                opened, answer.definition, question.rows_scope, question.rows_window,
                answer.figures[0],
            )  # fmt: skip

    parts = (
        answer.definition.id,
        question.group or question.scope.team,
        question.rows_window.label,
    )
    name = "_".join(part.replace("/", "_") for part in parts if part)
    export = export_of(
        shown.snapshot, answer.definition, question.rows_scope, question.rows_window, found.rows
    )  # fmt: skip
    download("All rows as CSV", all_rows, f"{name}.csv", export)


def _readable(rows: pd.DataFrame, metric: Definition) -> pd.DataFrame:
    """Hours instead of seconds, shares in hundredths; links only to the web, whoever wrote them."""
    rows = rows.drop(columns=["id"])
    for name in _LINKS.keys() & set(rows.columns):
        rows[name] = rows[name].where(rows[name].str.match(r"https?://", na=False), None)
    for name in _spans(rows.columns):
        rows[name] = rows[name] / 3600
    for name in _shares(rows.columns, metric):
        rows[name] = pd.to_numeric(rows[name]) * 100
    certain = [name for name in _CERTAIN if name in rows and rows[name].all()]
    return rows.drop(columns=certain)


def _spans(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.endswith("_seconds")]


def _shares(names: Iterable[str], metric: Definition) -> list[str]:
    """Columns that hold shares of a whole; a value does where its metric is one."""
    is_share = metric.unit is Unit.FRACTION
    return [name for name in names if name in _SHARED or (name == "value" and is_share)]


def _order(names: list[str], metric: Definition) -> list[str]:
    """Links and what is measured first, so that a narrow window shows them; filters last."""
    measured = re.findall(r"\w+", metric.measure)
    first = [name for name in (*_LINKS, *dict.fromkeys(measured), "title") if name in names]
    last = [name for name in ("team", "environment") if name in names]
    return [*first, *(name for name in names if name not in (*first, *last, "id")), *last]


def _label(name: str) -> str:
    """What a column is called; times in what zone they are."""
    if name in _WORDS:
        return _WORDS[name]
    words = name.removeprefix("is_").removesuffix("_at").replace("_", " ")
    return f"{words} (UTC)" if name.endswith("_at") else words


def _columns(names: list[str], metric: Definition) -> dict[str, Any]:
    """How each column is called and shown."""
    config = st.column_config
    measured = set(re.findall(r"\w+", metric.measure))
    found: dict[str, Any] = {}
    for name in names:
        label = _label(name)
        if name in _LINKS:
            found[name] = config.LinkColumn(_LINKS[name], display_text="open", width="small")
        elif name.endswith("_seconds"):
            label = _SPANS.get(name, name.removesuffix("_seconds").replace("_", " "))
            found[name] = config.NumberColumn(label, format="%,.2f h")
        elif name in _shares(names, metric):
            found[name] = config.NumberColumn(label, format="%.4g %%")
        elif name.endswith("_at"):
            found[name] = config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm", timezone="UTC")
        elif name == "title":
            found[name] = config.TextColumn(label, width="large")
        else:
            found[name] = config.Column(label, width=_MEASURED if name in measured else None)
    return found
