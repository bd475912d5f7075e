"""What moved: the parts of a change as a table that adds up, each row the way to its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import fsum
from typing import Any

import pandas as pd
import streamlit as st

from app.components import loaded
from app.components.openable import openable
from app.components.question import Question
from app.components.stages import named
from app.components.trend import scale
from app.explanations import by_stage
from app.value import say
from app.wording import NAMES, days, plain
from data.metrics.catalogue import Catalogue
from data.metrics.definition import Definition, Unit, definition
from data.metrics.figure import Figure
from data.metrics.scope import NO_TEAM, By
from data.series.contribution import Contribution
from data.series.moved import Method, Moved, NotExplained
from data.store.snapshot import Snapshot

KEY = "moved parts"
MOST_PARTS = 12

Choose = Callable[[str, str, str], None]
"""Told of metric, part and period whose rows are to be shown."""


def what_moved(snapshot: Snapshot, known: Catalogue, asked: Question, on_choose: Choose) -> None:
    """Shows what made a figure change against the period before; works only while unfolded."""
    metric = definition(asked.metric)
    has_stages = bool(metric.parts) and metric.unit is Unit.SECONDS
    if asked.item is not None and not has_stages:
        return
    fold = st.expander(
        f"What moved since {days(asked.window.before)}?",
        icon=":material/swap_vert:",
        key="moved",
        on_change="rerun",
    )
    if not fold.open:
        return
    with fold:
        if asked.item is None:
            _parts(loaded.moved(snapshot, asked), known, asked, on_choose)
        if has_stages:
            before = loaded.before(snapshot, asked)
            _stages(metric, before, loaded.whole(snapshot, asked))


def _parts(
    answer: Moved | NotExplained, known: Catalogue, asked: Question, on_choose: Choose
) -> None:
    if isinstance(answer, NotExplained):
        st.markdown(f"Not told by {asked.by.value}: {plain(answer.value)}.")
        return
    metric = answer.metric
    st.markdown(f"{NAMES[metric.id]} {plain(answer.in_words(partial(say, metric)))}.")
    if answer.is_bounded:
        st.caption("Something hidden on one side may be all the change.")
    titles = {t.team: t.title for t in known.teams} if answer.by is By.TEAM else {}
    frame = table(answer, titles)

    def choose(at: int | None) -> None:
        part = part_at(answer, at) if at is not None else None
        if part is not None:
            on_choose(metric.id, part, "")

    openable(
        frame,
        choose,
        key=KEY,
        columns=_columns(frame),
        alt=f"{metric.title}: what each {answer.by.value} adds to the change; the last row is all",
    )
    st.caption(
        "The rows add up to the last one. Choose a row to see the rows behind its figure."
        + " The others have none of their own." * (len(answer.parts) > MOST_PARTS)
        + " Most of what the parts added was taken back by others: the change hides more."
        * (answer.cancelled > abs(answer.change))
    )


def _columns(frame: pd.DataFrame) -> dict[str, Any]:
    """Changes with their sign; amounts that are counted without decimals."""
    config = st.column_config.NumberColumn
    found: dict[str, Any] = {}
    for name in frame.columns[1:]:
        if "adds (" in name or name.startswith("change"):
            found[name] = config(format="%+.2f")
        else:
            found[name] = config(format="%,.2f" if "(" in name else "%,.0f")
    return found


def _stages(metric: Definition, before: Figure, after: Figure) -> None:
    """The change of each stage, and the rest that their medians leave."""
    found = by_stage(before, after)
    if not found:
        return
    factor, unit = scale(metric.unit, [before, after])
    frame = pd.DataFrame(
        {
            "stage": [named(row["stage"]) for row in found],
            f"change ({unit})": [row["change"] * factor for row in found],
            f"before ({unit})": [_times(row["before"], factor) for row in found],
            f"after ({unit})": [_times(row["after"], factor) for row in found],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        placeholder="–",
        column_config=_columns(frame) | {"stage": st.column_config.TextColumn(width=190)},
        alt=f"{metric.title}: the change of each stage; the last row is that of the whole",
    )


def table(moved: Moved, titles: Mapping[str, str] | None = None) -> pd.DataFrame:
    """One row a part, largest first; then all others, and their sum, which is the change.

    Everything counts in the unit that the column names, so that the rows can be added up.
    """
    factor, unit = _scale(moved)
    shown, others = moved.parts[:MOST_PARTS], moved.parts[MOST_PARTS:]
    named = {NO_TEAM: "the organisation", **(titles or {})}
    rows = [_row(moved, part, named.get(part.part, part.part), factor, unit) for part in shown]
    if others:
        rows.append(_sum(moved, f"{len(others)} others", others, factor, unit))
    rows.append(_sum(moved, "all together", moved.parts, factor, unit))
    return pd.DataFrame(rows)


def part_at(moved: Moved, row: int) -> str | None:
    """The part whose rows a row of the table leads to; empty: those of all; None: to none."""
    shown = [part.part for part in moved.parts[:MOST_PARTS]]
    if row < len(shown):
        return shown[row]
    return None if row == len(shown) and len(moved.parts) > MOST_PARTS else ""


def column(moved: Moved) -> str:
    """The name of the column whose rows add up to the change."""
    return f"adds ({_scale(moved)[1]})"


def _scale(moved: Moved) -> tuple[float, str]:
    if moved.method is Method.RANKS or moved.metric.unit is Unit.FRACTION:
        return 100.0, "points"
    return scale(moved.metric.unit, [moved.before, moved.after])


def _row(
    moved: Moved, part: Contribution, name: str, factor: float, unit: str
) -> dict[str, object]:
    told = {moved.by.value: name, **_adds([part], factor, unit)}
    if moved.method is Method.COUNTS:
        _, many = moved.metric.counts
        amounts = {f"{many} before": part.before.amount, f"{many} after": part.after.amount}
        return {**told, **amounts}
    percent = "%" if unit == "points" else unit
    above = "above it " if moved.method is Method.RANKS else ""
    values = {
        f"{above}before ({percent})": _times(part.before.value, factor),
        f"{above}after ({percent})": _times(part.after.value, factor),
    }
    return {**told, **values, **_effects([part], factor, unit)}


def _sum(
    moved: Moved, name: str, parts: Sequence[Contribution], factor: float, unit: str
) -> dict[str, object]:
    told = {moved.by.value: name, **_adds(parts, factor, unit)}
    if moved.method is Method.COUNTS:
        return told
    return {**told, **_effects(parts, factor, unit)}


def _effects(parts: Sequence[Contribution], factor: float, unit: str) -> dict[str, float]:
    return {
        f"own change adds ({unit})": fsum(part.rate for part in parts) * factor,
        f"weight adds ({unit})": fsum(part.mix for part in parts) * factor,
    }


def _adds(parts: Sequence[Contribution], factor: float, unit: str) -> dict[str, object]:
    return {f"adds ({unit})": fsum(part.total for part in parts) * factor}


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
