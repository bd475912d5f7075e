"""What a trend tells beyond its line, each with the rule behind it: no black box."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from app.components.overlay import Mark, Marks
from app.explanations import unusual_in_brief
from app.value import alike, off
from app.wording import days, plain
from data.series.anomaly import Anomaly
from data.series.change_point import rule_in_words
from data.series.explain import Explained
from data.series.forecast import Forecast, TooShort

KEY = "marks"
"""Of the address: which marks are drawn."""
USUAL = "-".join(Mark)
_PILLS = "marks shown"
_NAMES = {
    Mark.UNUSUAL: ":material/radio_button_unchecked: unusual",
    Mark.LEVEL: ":material/height: new level",
    Mark.EXPECTED: ":material/more_horiz: expected",
}
_MOST = 12


def chosen() -> frozenset[Mark]:
    """The marks that the address asks for."""
    asked = str(st.session_state.get(KEY, USUAL)).split("-")
    return frozenset(mark for mark in Mark if mark in asked)


def explained(marks: Marks) -> None:
    """Shows what the trend tells in one line, what can be switched off, and the rules on demand."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.caption(headline(marks.told), width="stretch")
        if marks.there:
            _switches(marks)
    fold = st.expander(
        "What is usual, and what is to be expected?",
        icon=":material/rule:",
        key="usual",
        on_change="rerun",
    )
    if fold.open:
        with fold:
            _unusual(marks.told)
            _levels(marks.told)
            _to_come(marks.told)


def headline(told: Explained) -> str:
    """The most that is said without being asked: one line."""
    parts = [unusual_in_brief(told)]
    for change in told.changes[-1:]:
        words = alike(told.metric, change.before, change.after)
        before, after = words(change.before), words(change.after)
        parts.append(f"new level from {days(change.window)}: {before} before, {after} since")
    made = told.drawn_forecast
    if made is not None:
        next_one = made.expected[0]
        words = alike(told.metric, next_one.value, next_one.low, next_one.high)
        value, low, high = words(next_one.value), words(next_one.low), words(next_one.high)
        parts.append(f"{days(next_one.window)}: {value} expected, 8 of 10 within {low} to {high}")
    return plain(" · ".join(parts))


def _switches(marks: Marks) -> None:
    """Each mark that is there, off and on; what is chosen stands in the address."""
    st.session_state[_PILLS] = [mark for mark in marks.there if mark in marks.shown]

    def keep() -> None:
        picked = set(st.session_state[_PILLS]) | (marks.shown - set(marks.there))
        st.session_state[KEY] = "-".join(mark for mark in Mark if mark in picked) or "none"

    st.pills(
        "Drawn over the trend",
        marks.there,
        key=_PILLS,
        format_func=lambda mark: _NAMES[mark],
        selection_mode="multi",
        on_change=keep,
        label_visibility="collapsed",
    )


def _unusual(told: Explained) -> None:
    judged, unit = told.judged, told.grain.value
    say_off = partial(off, told.metric)
    early = f" {judged.unjudged} have too little before them to be judged." * bool(judged.unjudged)
    st.markdown("**Unusual**")
    st.markdown(plain(told.rule.in_words(say_off, told.grain) + early))
    if judged.latest is not None:
        usual = judged.latest
        words = usual.in_words(alike(told.metric, usual.low, usual.high), say_off)
        st.markdown(f"Usual in {days(judged.latest.window)}: {plain(words)}.")
    if judged.judged and not judged.anomalies:
        st.markdown(f"None of the {judged.judged} {unit}s that could be judged was unusual.")
    _listed(told, judged.anomalies)


def _listed(told: Explained, found: Sequence[Anomaly]) -> None:
    lines = [
        f"- **{days(at.window)}**: "
        + plain(at.in_words(alike(told.metric, at.value, at.low, at.high)))
        for at in found[-_MOST:]
    ]
    st.markdown("\n".join(reversed(lines)))
    if len(found) > _MOST:
        st.caption(f"The latest {_MOST} of {len(found)}.")


def _levels(told: Explained) -> None:
    st.markdown("**Changes of level**")
    st.markdown(plain(rule_in_words(told.rule, partial(off, told.metric), told.grain)))
    if not told.changes:
        st.markdown("None.")
    lines = [
        f"- **{days(at.window)}**: "
        + plain(at.in_words(alike(told.metric, at.before, at.after), told.grain))
        for at in told.changes
    ]
    st.markdown("\n".join(reversed(lines)))


def _to_come(told: Explained) -> None:
    st.markdown("**To be expected**")
    match told.forecast:
        case Forecast():
            words = told.forecast.in_words(partial(off, told.metric), told.grain)
        case TooShort():
            missing = told.forecast.in_words(told.grain)
            words = f"{missing[:1].upper()}{missing[1:]}."
        case None:
            words = "The days shown end before what is known: the trend tells what came."
    st.markdown(plain(words))
