"""What one of each thing costs a team, over a whole quarter, or why that is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

from app.components import loaded
from app.components.cost.filled import filled
from app.components.discipline import UNIT_COSTS
from app.components.question import Question, window_choices
from app.value import limits, told
from app.wording import NAMES, counted, days, no_value
from data.metrics.definition import definition
from data.metrics.engine import DEFAULT_EDITION
from data.metrics.figure import Figure
from data.metrics.reason import NoValue
from data.metrics.scope import Scope
from data.period import Grain, Window, floor, following
from data.store.snapshot import Snapshot

VIEW = "views/team/unit_costs.py"
Figures = Sequence[tuple[str, Figure]]
"""By metric."""


@dataclass(frozen=True, slots=True)
class Units:
    """The figures of a team, by metric."""

    window: Window
    figures: tuple[tuple[str, Figure], ...]


def quarter_of(month: date, today: date) -> Window:
    """The quarter that a month is in; if it is not over, the last one that is."""
    start = floor(month, Grain.QUARTER)
    if following(start, Grain.QUARTER) > today:
        start = floor(floor(today, Grain.QUARTER) - timedelta(days=1), Grain.QUARTER)
    return Window(start, following(start, Grain.QUARTER))


def units_of(snapshot: Snapshot, team: str, window: Window) -> Units:
    """The figures that *Unit costs* has of a team and a quarter."""
    scope = Scope(team=team, environment=None)
    asked = Question(
        scope, window, Grain.QUARTER, DEFAULT_EDITION, UNIT_COSTS.metrics[0],
        group=None, period=None, subject=UNIT_COSTS.subject,
    )  # fmt: skip
    board = loaded.totals(snapshot, UNIT_COSTS, asked)
    return Units(window, tuple((name, board.total(name)) for name in UNIT_COSTS.metrics))


def unit_table(found: Units, team: str, today: date, currency: str | None) -> None:
    """Lists them, with the way to what they are made of."""
    shown, none = apart(found.figures)
    st.markdown(
        f":small[**{found.window.label}**, {days(found.window)}: effective cost"
        f"{f', in {currency}' if currency else ''}, by the units that were delivered then. A unit "
        "counts where its effective cost is known; below the least number of them there is no "
        "figure.]"
    )
    if none:
        st.markdown(f"None in this quarter: {', '.join(none)}.")
    if shown:
        _table(shown)
    has_window = found.window.label in window_choices(today)
    st.page_link(
        VIEW,
        label="What they are made of, and how they change",
        icon=":material/sell:",
        query_params={"team": team, **({"window": found.window.label} if has_window else {})},
    )


def apart(figures: Figures) -> tuple[Figures, tuple[str, ...]]:
    """The figures that there is something to say of, and what there was none of at all."""
    is_none = {name: one.reason is NoValue.NONE_IN_PERIOD for name, one in figures}
    shown = tuple((name, one) for name, one in figures if not is_none[name])
    many = (definition(name).counts[1] for name, _ in figures if is_none[name])
    return shown, tuple(dict.fromkeys(many))


def _table(figures: Figures) -> None:
    st.dataframe(
        filled(_lines(figures)),
        hide_index=True,
        placeholder="–",
        height="content",
        column_config=_columns(),
        alt="One row a unit: what one of it costs, of how many, and how much of them is known",
    )


def _lines(figures: Figures) -> list[dict[str, Any]]:
    return [
        {
            "What": NAMES[name],
            "Costs": told(figure, definition(name).unit) or None,
            "Of": counted(name, figure.n),
            "Coverage": None if figure.coverage is None else figure.coverage * 100,
            "Not known": _why(name, figure),
        }
        for name, figure in figures
    ]


def _why(name: str, figure: Figure) -> str | None:
    """Why there is no value, or what one lacks."""
    if figure.value is None:
        return no_value(name, figure.reason)
    return ", ".join(limits(figure)) or None


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "What": config.TextColumn(width=210),
        "Costs": config.TextColumn(width=130, alignment="right"),
        "Of": config.TextColumn(width=170, help="Units that it is the cost of."),
        "Coverage": config.NumberColumn(
            format="%.0f %%",
            width=90,
            help="Of the units delivered, those whose cost is known.",
        ),
        "Not known": config.TextColumn(width=260),
    }
