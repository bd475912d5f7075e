"""What a trend tells beyond its line, each with the rule behind it: no black box."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from app.components import moved as parts
from app.components.charts import blank, chart
from app.components.overlay import add_anomalies, add_changes, add_forecast, say
from app.components.palette import palette
from app.components.trend import scale
from app.wording import days, plain
from data.metrics.definition import Definition
from data.metrics.figure import Figure
from data.metrics.period import Grain
from data.series.anomaly import Judged, Rule, anomalies, usual_rule
from data.series.change_point import ChangePoint, change_points
from data.series.forecast import Forecast, TooShort, forecast
from data.series.moved import Moved, NotExplained
from data.series.points import points

KEY = "explained"


def explained(
    metric: Definition,
    figures: Sequence[Figure],
    grain: Grain,
    answer: Moved | NotExplained | None = None,
) -> None:
    """Shows what is unusual, where the level changed, what to expect, and what moved.

    Args:
        metric: whose figures they are.
        figures: its periods, oldest first.
        grain: how long they are.
        answer: the parts of a change, if one was asked for.
    """
    rule = usual_rule(metric)
    told = points(metric, figures, grain)
    judged = anomalies(told, grain, rule)
    changes = change_points(told, grain, rule.floor, rule.share)
    made = forecast(told, grain)
    _draw(metric, figures, judged, changes, made)
    _unusual(metric, grain, rule, judged)
    _levels(metric, grain, changes)
    _to_come(metric, grain, made)
    if answer is not None:
        _moved(metric, answer)


def _draw(
    metric: Definition,
    figures: Sequence[Figure],
    judged: Judged,
    changes: Sequence[ChangePoint],
    made: Forecast | TooShort,
) -> None:
    colours = palette()
    factor, unit = scale(metric.unit, figures)
    drawn = blank(colours, 300, unit)
    drawn.add_scatter(
        x=[each.window.start.isoformat() for each in figures],
        y=[None if each.value is None else each.value * factor for each in figures],
        name="value",
        mode="lines+markers",
        line={"color": colours.series[0], "width": 2.2},
        marker={"size": 4},
        hovertemplate="%{y:.3g}<extra></extra>",
    )
    if isinstance(made, Forecast):
        add_forecast(drawn, metric, made, factor, colours)
    add_changes(drawn, changes, colours)
    add_anomalies(drawn, metric, judged.anomalies, factor, colours)
    alt = f"{metric.title}: {len(judged.anomalies)} unusual, {len(changes)} changes of level"
    chart(drawn, KEY, alt)


def _unusual(metric: Definition, grain: Grain, rule: Rule, judged: Judged) -> None:
    st.markdown("**Unusual**")
    words = partial(say, metric)
    early = f" {judged.unjudged} have too little before them to be judged." * bool(judged.unjudged)
    st.caption(plain(rule.in_words(words, grain) + early))
    if not judged.anomalies:
        st.markdown(f"None of the {judged.judged} {grain.value}s that could be judged.")
    for each in reversed(judged.anomalies[-12:]):
        st.markdown(f"- **{days(each.window)}**: {plain(each.in_words(words))}")
    if len(judged.anomalies) > 12:
        st.caption(f"The latest 12 of {len(judged.anomalies)}.")


def _levels(metric: Definition, grain: Grain, changes: Sequence[ChangePoint]) -> None:
    st.markdown("**Changes of level**")
    if not changes:
        st.markdown("None.")
    for each in reversed(changes):
        words = each.in_words(partial(say, metric), grain)
        st.markdown(f"- **{days(each.window)}**: {plain(words)}")


def _to_come(metric: Definition, grain: Grain, made: Forecast | TooShort) -> None:
    st.markdown("**To be expected**")
    if isinstance(made, TooShort):
        st.markdown(plain(made.in_words(grain)))
        return
    st.markdown(plain(made.in_words(partial(say, metric), grain)))


def _moved(metric: Definition, answer: Moved | NotExplained) -> None:
    st.markdown("**What moved**")
    if isinstance(answer, NotExplained):
        st.markdown(f"Not told: {plain(answer.value)}.")
        return
    st.markdown(plain(answer.in_words(partial(say, metric))))
    if answer.is_bounded:
        st.caption("Something hidden on one side may be all the change.")
    frame = parts.table(answer)
    numbers = frame.columns[1:]
    st.dataframe(
        frame,
        hide_index=True,
        placeholder="–",
        column_config={n: st.column_config.NumberColumn(format="%.3f") for n in numbers},
        alt=f"{metric.title}: what each {answer.by.value} adds to the change; the last row is all",
    )
    if answer.cancelled > abs(answer.change):
        st.caption("Most of what the parts added was taken back by others: the change hides more.")
