"""Unusual periods of a series: a robust seasonal rule that can be said in one sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from data.metrics.definition import Definition, Unit
from data.metrics.period import Grain, Window
from data.series.baseline import WEEKS_BACK, Baseline, baseline
from data.series.points import Known, Point, known

_FLOORS = {
    Unit.SECONDS: 600.0,
    Unit.PER_DAY: 1.0,
    Unit.PER_WEEK: 1.0,
    Unit.DAYS_PER_WEEK: 1.0,
    Unit.FRACTION: 0.02,
}
"""Smaller changes are nothing to look at; none where the unit says nothing of what matters."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a period is unusual: it strays by more than each of these, for so many in a row."""

    floor: float
    """In the unit of the metric."""
    share: float
    """Of the expected value."""
    least_run: int = 1
    """Consecutive periods on the same side; one whose value is unknown ends a run."""
    score: float = 3.5
    """Robust standard deviations; 3.5 is that of Iglewicz and Hoaglin (1993)."""

    def half_width(self, usual: Baseline) -> float:
        """How far a value may be from the expected one."""
        return max(self.floor, self.share * abs(usual.expected), self.score * usual.deviation)

    def in_words(self, say: Callable[[float], str], grain: Grain) -> str:
        """The rule as a sentence, with values told by `say`."""
        alike = (
            f"the same weekday in the {WEEKS_BACK} weeks before"
            if grain is Grain.DAY
            else "the same one of earlier years, or where too few are known of those just before"
        )
        bounds = [f"{self.score:g} robust standard deviations"]
        bounds += [f"{self.share:.0%} of it"] * (self.share > 0)
        bounds += [say(self.floor)] * (self.floor > 0)
        row = f", {self.least_run} times in a row" if self.least_run > 1 else ""
        return (
            f"A {grain.value} is unusual if it is off the median of {alike} by more than "
            f"{', and more than '.join(bounds)}{row}. What is not known is left out."
        )


def usual_rule(metric: Definition) -> Rule:
    """The rule of a metric unless someone sets another: its own material change, and a floor."""
    return Rule(_FLOORS.get(metric.unit, 0.0), metric.material_change)


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A period outside of what is usual, and all that the verdict is made of."""

    window: Window
    value: float
    expected: float
    low: float
    high: float
    """The usual values: from `low` to `high`, both included."""
    score: float | None
    """Robust standard deviations from the expected; None where all earlier ones were alike."""
    run: int
    """How many consecutive periods are out on this side, with this one as the last."""
    inside: int
    """How many of the earlier ones were usual by the same bounds."""
    history: int
    kind: str

    def in_words(self, say: Callable[[float], str]) -> str:
        """The verdict as a sentence, with values told by `say`."""
        row = f", {self.run} in a row" if self.run > 1 else ""
        return (
            f"{say(self.value)} instead of about {say(self.expected)}{row}: {self.inside} of the "
            f"{self.history} known {self.kind} were between {say(self.low)} and {say(self.high)}"
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found, and how many known periods had too little before them to be judged."""

    anomalies: tuple[Anomaly, ...]
    judged: int
    unjudged: int


def anomalies(series: Sequence[Point], grain: Grain, rule: Rule) -> Judged:
    """Finds the unusual periods, each measured by earlier ones only.

    Unknown periods are passed over: neither zero nor filled in, and nothing is said of them.

    Args:
        series: periods, oldest first.
        grain: how long they are.
        rule: what counts as unusual.
    """
    told = known(series)
    usual = [baseline(_before(told, at), at.window.start, grain) for at in told]
    sides = [_side(at, of, rule) for at, of in zip(told, usual, strict=True)]
    runs = _runs(told, sides)
    found = [
        _anomaly(at, of, rule, run[0])
        for at, of, run in zip(told, usual, runs, strict=True)
        if of is not None and run[0] and run[1] >= rule.least_run
    ]
    judged = sum(of is not None for of in usual)
    return Judged(tuple(found), judged, len(told) - judged)


def _before(told: Sequence[Known], at: Known) -> Sequence[Known]:
    return told[: bisect_left(told, at.window.start, key=lambda other: other.window.start)]


def _side(at: Known, usual: Baseline | None, rule: Rule) -> int:
    """1 above what is usual, -1 below, 0 within or not known."""
    if usual is None or abs(at.value - usual.expected) <= rule.half_width(usual):
        return 0
    return 1 if at.value > usual.expected else -1


def _runs(told: Sequence[Known], sides: Sequence[int]) -> list[tuple[int, int]]:
    """For each period its place in its run, and the length of the whole run; 0 outside of one."""
    places = [int(side != 0) for side in sides[:1]]
    for number, (before, at) in enumerate(pairwise(told), 1):
        goes_on = sides[number] == sides[number - 1] and before.window.end == at.window.start
        places.append((places[-1] + 1 if goes_on else 1) if sides[number] else 0)
    lengths = list(places)
    for number in range(len(places) - 2, -1, -1):
        if places[number + 1] == places[number] + 1 and places[number]:
            lengths[number] = lengths[number + 1]
    return list(zip(places, lengths, strict=True))


def _anomaly(at: Known, usual: Baseline, rule: Rule, run: int) -> Anomaly:
    half = rule.half_width(usual)
    stray = abs(at.value - usual.expected)
    return Anomaly(
        window=at.window,
        value=at.value,
        expected=usual.expected,
        low=usual.expected - half,
        high=usual.expected + half,
        score=stray / usual.deviation if usual.deviation else None,
        run=run,
        inside=sum(abs(value - usual.expected) <= half for value in usual.history),
        history=len(usual.history),
        kind=usual.kind,
    )
