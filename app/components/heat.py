"""Parts of a scope against metrics: values in words, shaded by their band, each cell a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st

from app.components.band import band_words, goodness
from app.components.discipline import Discipline
from app.components.palette import Palette, palette
from app.components.question import Question
from app.value import IN_PART, told
from app.wording import NAMES, no_value
from data.metrics.catalogue import Catalogue
from data.metrics.definition import definition
from data.metrics.figure import Figure
from data.metrics.scope import By

KEY = "heat"

Parts = Mapping[str, Mapping[str, Figure]]
"""Figures by metric, by part."""
_NONE = "–"
"""Where a row has nothing that the metric could be of."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table."""

    title: str
    parts: Mapping[str, str]
    """By metric, the part that its cell is of; a metric without one is of something else."""


def heat(
    parts: Parts,
    discipline: Discipline,
    known: Catalogue,
    asked: Question,
    on_choose: Callable[[str, str], None],
) -> None:
    """Shows one row a team, or a thing of the chosen team, and one column a metric.

    Args:
        parts: what the scope is made of.
        discipline: whose metrics they are.
        known: titles, and the teams that own nothing.
        asked: the question.
        on_choose: told of the metric and the part of a clicked cell.
    """
    is_teams = asked.by is By.TEAM
    many = f"{discipline.subject.value.capitalize()}s"
    st.header("Teams" if is_teams else many, anchor="parts")
    st.markdown(f":small[{discipline.caution} Choose a cell to see its rows.]")
    titles = {team.team: team.title for team in known.teams} if is_teams else {}
    names = list(titles) if is_teams else list(parts)
    shown = {name: parts.get(name, {}) for name in names}
    _table(shown, discipline.tiles, discipline.has_bands, titles, asked, on_choose)


def rows_of(parts: Parts, metrics: Sequence[str], titles: Mapping[str, str], by: By) -> list[Row]:
    """One row a part; measures of one thing, each of a metric of its own, stand in one row.

    Args:
        parts: figures by metric, by part; a measure is called `metric: thing`.
        metrics: the columns.
        titles: what parts are called.
        by: what the parts are.
    """
    if by is not By.MEASURE:
        return [Row(titles.get(name, name), dict.fromkeys(metrics, name)) for name in parts]
    found: dict[str, dict[str, str]] = {}
    for name, figures in parts.items():
        metric, _, thing = name.partition(": ")
        row = found.setdefault(thing if thing and metric in metrics else name, {})
        row.update((one, name) for one in metrics if one in figures)
    return [Row(title, its) for title, its in found.items()]


def _table(
    parts: Parts,
    metrics: Sequence[str],
    has_bands: bool,
    titles: Mapping[str, str],
    asked: Question,
    on_choose: Callable[[str, str], None],
) -> None:
    head = asked.by.value.capitalize()
    rows = rows_of(parts, metrics, titles, asked.by)

    def figure(row: Row, metric: str) -> Figure | None:
        return parts[row.parts[metric]].get(metric) if metric in row.parts else None

    def told_in(row: Row, metric: str) -> str:
        return cell(metric, figure(row, metric), has_bands) if metric in row.parts else _NONE

    cells = pd.DataFrame(
        {
            head: [row.title for row in rows],
            **{NAMES[m]: [told_in(row, m) for row in rows] for m in metrics},
        }
    )
    shades = pd.DataFrame("", index=cells.index, columns=cells.columns)
    colours = palette()
    for metric in metrics:
        shades[NAMES[metric]] = [_shade(metric, figure(row, metric), colours) for row in rows]

    def choose() -> None:
        picked = st.session_state[KEY]["selection"]["cells"]
        if picked and picked[0][1] != head:
            at, column = picked[0]
            metric = metrics[[NAMES[m] for m in metrics].index(column)]
            if metric in rows[at].parts:
                on_choose(metric, rows[at].parts[metric])

    width: Literal["small", "medium"] = "small" if asked.by is By.TEAM else "medium"
    st.dataframe(
        cells.style.apply(lambda _: shades, axis=None),
        key=KEY,
        hide_index=True,
        height="content" if len(rows) <= 40 else 1200,
        column_config={head: st.column_config.TextColumn(pinned=True, width=width)},
        on_select=choose,
        selection_mode="single-cell",
        selection_default=_linked(rows, metrics, asked),
        alt=f"{head} against metrics; each cell has the value and its band",
    )


def _linked(rows: Sequence[Row], metrics: Sequence[str], asked: Question) -> Any:
    """The cell that the address names, if it names one."""
    cells = [
        [at, NAMES[asked.metric]]
        for at, row in enumerate(rows)
        if asked.metric in metrics and asked.group and row.parts.get(asked.metric) == asked.group
    ]
    return {"selection": {"cells": cells}}


def cell(metric: str, figure: Figure | None, has_bands: bool = True) -> str:
    """A figure in a few words; those of its band only where there are any."""
    if figure is None:
        return "owns nothing"
    if figure.value is None:
        return no_value(metric, figure.reason).partition(":")[0]
    value = told(figure, definition(metric).unit)
    words = band_words(figure)
    told_beside = [words] if words and has_bands and words != "no band published" else []
    return " · ".join([value, *told_beside, *([IN_PART] if figure.is_partly_unread else [])])


def _shade(metric: str, figure: Figure | None, colours: Palette) -> str:
    if figure is None or figure.value is None:
        return f"color: {colours.muted}"
    share = goodness(metric, figure)
    if share is None:
        return ""
    return f"background-color: {colours.tint(share)}; color: {colours.text}"
