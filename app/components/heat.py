"""Parts of a scope against metrics: values in words, shaded by their band, each cell a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


def _table(
    parts: Parts,
    metrics: Sequence[str],
    has_bands: bool,
    titles: Mapping[str, str],
    asked: Question,
    on_choose: Callable[[str, str], None],
) -> None:
    head = asked.by.value.capitalize()
    names = list(parts)
    cells = pd.DataFrame(
        {
            head: [titles.get(name, name) for name in names],
            **{
                NAMES[m]: [cell(m, parts[name].get(m), has_bands) for name in names]
                for m in metrics
            },
        }
    )
    shades = pd.DataFrame("", index=cells.index, columns=cells.columns)
    colours = palette()
    for metric in metrics:
        shades[NAMES[metric]] = [_shade(metric, parts[n].get(metric), colours) for n in names]

    def choose() -> None:
        picked = st.session_state[KEY]["selection"]["cells"]
        if picked and picked[0][1] != head:
            row, column = picked[0]
            on_choose(metrics[[NAMES[m] for m in metrics].index(column)], names[row])

    width: Literal["small", "medium"] = "small" if asked.by is By.TEAM else "medium"
    st.dataframe(
        cells.style.apply(lambda _: shades, axis=None),
        key=KEY,
        hide_index=True,
        height="content" if len(names) <= 40 else 1200,
        column_config={head: st.column_config.TextColumn(pinned=True, width=width)},
        on_select=choose,
        selection_mode="single-cell",
        selection_default=_linked(names, metrics, asked),
        alt=f"{head} against metrics; each cell has the value and its band",
    )


def _linked(names: Sequence[str], metrics: Sequence[str], asked: Question) -> Any:
    """The cell that the address names, if it names one."""
    is_named = asked.group in names and asked.metric in metrics
    cells = [[names.index(str(asked.group)), NAMES[asked.metric]]] if is_named else []
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
