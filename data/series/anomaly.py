"""Unusual periods of a series: a robust seasonal rule that can be said in one sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from data.metrics.definition import Definition, Unit
from data.period import Grain, Window
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
    is_of_whole: bool = False
    """Whether values are shares of a whole: of 99.9 % it is the missing 0.1 % that matters."""

    def least_change(self, expected: float) -> float:
        """How far from an expected value anything is at least, to be worth a look."""
        if not self.is_of_whole:
            return max(self.floor, self.share * abs(expected))
        near = min(expected, 1.0 - expected)
        return max(min(self.floor, near) if near > 0 else self.floor, self.share * near)

    def half_width(self, usual: Baseline) -> float:
        """How far a value may be from the expected one."""
        return max(self.least_change(usual.expected), self.score * usual.deviation)

    def half_width_in_words(self, usual: Baseline, off: Callable[[float], str]) -> str:
        """Which of the bounds decides how far a value may be from the expected one."""
        if self.half_width(usual) == self.score * usual.deviation:
            return f"{self.score:g} × a robust deviation of {off(usual.deviation)}"
        return "the least that counts"

    def least_in_words(self, off: Callable[[float], str]) -> list[str]:
        """What anything must be off by, whatever its score, with differences told by `off`."""
        if self.is_of_whole:
            share_of_way = f"{self.share * 100:.0f} % of the way"
            return [
                f"{share_of_way} from there to 0 % or 100 %, whichever is nearer",
                f"{off(self.floor)}, or that whole way if there is one and it is shorter",
            ]
        share = [f"{self.share * 100:.0f} % of it"] * (self.share > 0)
        return share + [off(self.floor)] * (self.floor > 0)

    def in_words(self, off: Callable[[float], str], grain: Grain) -> str:
        """The rule as a sentence, with differences told by `off`."""
        alike = (
            f"the same weekday in the {WEEKS_BACK} weeks before"
            if grain is Grain.DAY
            else f"the same {grain.value} of earlier years, or where too few of those are known "
            f"that of the {grain.value}s just before,"
        )
        bounds = [f"{self.score:g} robust standard deviations", *self.least_in_words(off)]
        row = f", {self.least_run} times in a row" if self.least_run > 1 else ""
        return (
            f"A {grain.value} is unusual if it is off the median of {alike} by more than "
            f"{', and more than '.join(bounds)}{row}. What is not known is left out."
        )


def usual_rule(metric: Definition) -> Rule:
    """The rule of a metric unless someone sets another: its own material change, and a floor."""
    is_of_whole = metric.unit is Unit.FRACTION and metric.of is None
    return Rule(_FLOORS.get(metric.unit, 0.0), metric.material_change, is_of_whole=is_of_whole)


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
class Usual:
    """The rule with the numbers of one period: what would not be unusual in it."""

    window: Window
    baseline: Baseline
    low: float
    high: float
    rule: Rule

    def in_words(self, say: Callable[[float], str], off: Callable[[float], str]) -> str:
        """The bounds and what they are made of; values told by `say`, differences by `off`."""
        of = self.baseline
        half, why = self.rule.half_width(of), self.rule.half_width_in_words(of, off)
        return (
            f"{say(self.low)} to {say(self.high)}: the median {say(of.expected)} of the "
            f"{len(of.history)} known {of.kind}, give or take {off(half)} ({why})"
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found, and how many known periods had too little before them to be judged."""

    anomalies: tuple[Anomaly, ...]
    judged: int
    unjudged: int
    latest: Usual | None = None
    """What was usual in the newest known period; None if too little is known before it."""


def anomalies(
    series: Sequence[Point], grain: Grain, rule: Rule, since: date | None = None
) -> Judged:
    """Finds the unusual periods, each measured by earlier ones only.

    Unknown periods are passed over: neither zero nor filled in, and nothing is said of them.

    Args:
        series: periods, oldest first.
        grain: how long they are.
        rule: what counts as unusual.
        since: periods that begin before this day only measure later ones; None: all are judged.
    """
    told = known(series)
    usual = [baseline(_before(told, at), at.window.start, grain) for at in told]
    sides = [_side(at, of, rule) for at, of in zip(told, usual, strict=True)]
    runs = _runs(told, sides)
    asked = [
        each
        for each in zip(told, usual, runs, strict=True)
        if since is None or each[0].window.start >= since
    ]
    found = [
        _anomaly(at, of, rule, run[0])
        for at, of, run in asked
        if of is not None and run[0] and run[1] >= rule.least_run
    ]
    judged = sum(of is not None for _, of, _ in asked)
    latest = _usual(told[-1], usual[-1], rule) if told else None
    return Judged(tuple(found), judged, len(asked) - judged, latest)


def _usual(at: Known, of: Baseline | None, rule: Rule) -> Usual | None:
    if of is None:
        return None
    half = rule.half_width(of)
    return Usual(at.window, of, of.expected - half, of.expected + half, rule)


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
