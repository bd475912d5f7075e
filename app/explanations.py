"""What a trend tells, as plain rows: the same for command line, API and report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from typing import Any

from app.value import alike, off, say
from app.wording import days, listed
from data.metrics.definition import Definition
from data.metrics.figure import Figure
from data.period import Window
from data.series.change_point import rule_in_words
from data.series.explain import Explained
from data.series.forecast import Forecast, TooShort
from data.series.moved import Moved, NotExplained, stages

Row = dict[str, Any]


class Asked(StrEnum):
    """What a trend can be asked."""

    UNUSUAL = "unusual"
    LEVELS = "levels"
    FORECAST = "forecast"
    MOVED = "moved"
    STAGES = "stages"


REST = "rest: medians do not add up"
"""What stands beside the stages of a time, so that all of them add up to its change."""


def rows(told: Explained, asked: Asked) -> list[Row]:
    """One row for each unusual period, each new level, or each period to come."""
    return [{**row, "unit": told.metric.unit.value} for row in _TOLD[asked](told)]


def rule(told: Explained, asked: Asked) -> dict[str, Any]:
    """The rule behind those rows in words, and what it is made of."""
    metric, grain = told.metric, told.grain
    say_off = partial(off, metric)
    judged = {"judged": told.judged.judged, "unjudged": told.judged.unjudged}
    words = told.rule.in_words(say_off, grain)
    if asked is Asked.LEVELS:
        return {"rule": rule_in_words(told.rule, say_off, grain)}
    if asked is Asked.UNUSUAL:
        usual = told.judged.latest
        newest = usual and usual.in_words(alike(metric, usual.low, usual.high), say_off)
        return {"rule": words, "usual_now": newest, **judged}
    return _forecast_rule(told, say_off)


def contributions(answer: Moved) -> list[Row]:
    """One row a part, largest first; what they add sums up to the change."""
    return [
        {
            answer.by.value: part.part,
            "adds": part.total,
            "own_change_adds": part.rate,
            "weight_adds": part.mix,
            "value_before": part.before.value,
            "value_after": part.after.value,
            "amount_before": part.before.amount,
            "amount_after": part.after.amount,
            "weight_before": part.before.weight,
            "weight_after": part.after.weight,
        }
        for part in answer.parts
    ]


def change(
    metric: Definition, answer: Moved | NotExplained, windows: tuple[Window, Window]
) -> dict[str, Any]:
    """What is shared out, and the rest that arithmetic leaves; or why nothing is."""
    days = {
        "before": [windows[0].start, windows[0].end],
        "after": [windows[1].start, windows[1].end],
    }
    if isinstance(answer, NotExplained):
        return {"days": days, "reason": answer.value}
    return {
        "days": days,
        "method": answer.method.value,
        "rule": answer.in_words(partial(say, metric)),
        "value": [answer.before.value, answer.after.value],
        "shared_out": list(answer.explained),
        "change": answer.change,
        "rest": answer.rest,
        "is_bounded": answer.is_bounded,
        "reason": None,
    }


def unusual_in_brief(told: Explained) -> str:
    """How many periods are unusual and which came last; or that none is, or that nobody knows."""
    judged, unit = told.judged, told.grain.value
    if not judged.judged:
        return f"Too little is known before these {unit}s to say what is unusual"
    if not judged.anomalies:
        return f"Nothing unusual in {judged.judged} {unit}{'s' * (judged.judged != 1)}"
    newest = [days(each.window) for each in reversed(judged.anomalies)]
    return f"{len(newest)} of {judged.judged} {unit}s unusual: {listed(newest, 3)}"


def by_stage(before: Figure, after: Figure) -> list[Row]:
    """The change of each stage and the rest; they add up to the last row, that of the whole."""
    changes, rest = stages(before, after)
    if not changes or rest is None:
        return []
    told = [
        {"stage": name, "before": before.parts[name], "after": after.parts[name], "change": change}
        for name, change in changes.items()
    ]
    total = (after.value or 0.0) - (before.value or 0.0)
    whole = {"before": before.value, "after": after.value, "change": total}
    left = {"stage": REST, "before": None, "after": None, "change": rest}
    return [*told, left, {"stage": "all together", **whole}]


def _unusual(told: Explained) -> Sequence[Row]:
    return [
        {
            **_span(at.window),
            "value": at.value,
            "expected": at.expected,
            "low": at.low,
            "high": at.high,
            "score": at.score,
            "run": at.run,
            "known": at.history,
            "measured_by": at.kind,
        }
        for at in told.judged.anomalies
    ]


def _levels(told: Explained) -> Sequence[Row]:
    return [
        {
            "from": at.window.start,
            "before": at.before,
            "after": at.after,
            "known_before": at.known_before,
            "known_after": at.known_after,
        }
        for at in told.changes
    ]


def _to_come(told: Explained) -> Sequence[Row]:
    made = told.forecast
    if not isinstance(made, Forecast):
        return []
    return [
        {**_span(at.window), "expected": at.value, "low": at.low, "high": at.high}
        for at in made.expected
    ]


def _span(window: Window) -> Row:
    return {"period": window.label, "from": window.start, "to": window.end}


_TOLD: Mapping[Asked, Callable[[Explained], Sequence[Row]]] = {
    Asked.UNUSUAL: _unusual,
    Asked.LEVELS: _levels,
    Asked.FORECAST: _to_come,
}


def _forecast_rule(told: Explained, say_off: Callable[[float], str]) -> dict[str, Any]:
    match told.forecast:
        case Forecast() as made:
            test = {**asdict(made.back_test), "beats_naive": made.back_test.beats_naive}
            return {"rule": made.in_words(say_off, told.grain), "back_test": test}
        case TooShort() as missing:
            return {"rule": None, "reason": missing.in_words(told.grain)}
        case _:
            return {"rule": None, "reason": "the days end before what is known"}
