"""What moved: the parts of a scope that explain a change of a figure, adding up to it.

The amounts come from the engine, a row for each part and window, never from rows in Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import fsum

from data.metrics.definition import Definition
from data.metrics.engine import evaluate
from data.metrics.figure import Figure
from data.metrics.scope import By, Scope
from data.period import Window
from data.series.contribution import NOTHING, Contribution, Side, of_counts, of_shares
from data.store.snapshot import Snapshot

_AVERAGE = re.compile(r"avg\((.*)\)", re.DOTALL)
_MEDIAN = re.compile(r"median\((.*)\)", re.DOTALL)
_WEEK = {"day": 1, "week": 7}
EXACT = 1e-9


class Method(StrEnum):
    """How a change is shared out."""

    COUNTS = "counts"
    """Each part adds its own change."""
    SHARES = "shares"
    """Each part adds the change of its own figure and that of its weight (Kitagawa 1955)."""
    RANKS = "ranks"
    """Medians do not add up. The share of rows above the median of the window before does."""


class NotExplained(StrEnum):
    """Why a change is not shared out."""

    NO_VALUE = "one of the two figures is not known"
    NOT_ADDITIVE = "days count once for all parts, so what each adds does not add up"
    AGAINST_ANOTHER = "it is set against another figure: ask what moved that one"
    PARTS_DIFFER = "the parts do not add up to the figures"


@dataclass(frozen=True, slots=True)
class Moved:
    """A change of a figure between two windows, and the parts that it is made of."""

    metric: Definition
    by: By
    method: Method
    before: Figure
    after: Figure
    explained: tuple[float, float]
    """What is shared out: the figure before and after, or the share of rows above a median."""
    parts: tuple[Contribution, ...]
    """Largest first. Their totals add up to the change of `explained`."""

    @property
    def change(self) -> float:
        """The change that the parts add up to."""
        return self.explained[1] - self.explained[0]

    @property
    def rest(self) -> float:
        """The change less what the parts add up to: nothing but what arithmetic loses."""
        return self.change - fsum(part.total for part in self.parts)

    @property
    def cancelled(self) -> float:
        """How much of what the parts added was taken back by others."""
        return (fsum(abs(part.total) for part in self.parts) - abs(self.change)) / 2

    @property
    def is_bounded(self) -> bool:
        """Whether something hidden on either side may be all the change."""
        sides = (self.before, self.after)
        return any(side.is_lower_bound or side.is_partly_unread for side in sides)

    def in_words(self, say: Callable[[float], str]) -> str:
        """What is shared out and how, as a sentence; values of the metric are told by `say`."""
        first, second = self.before.value or 0.0, self.after.value or 0.0
        told = f"from {say(first)} to {say(second)}"
        match self.method:
            case Method.COUNTS:
                return f"{told}: each {self.by.value} adds its own change"
            case Method.SHARES:
                return (
                    f"{told}: each {self.by.value} adds the change of its own figure, and what the "
                    "change of its weight in the whole adds"
                )
            case Method.RANKS:
                return (
                    f"{told}. Medians of parts do not add up to that of the whole. What adds up: "
                    f"{self.explained[0] * 100:.1f} % were above {say(first)} before, "
                    f"{self.explained[1] * 100:.1f} % after, "
                    "those that are equal to it counted as half"
                )


def moved(
    snapshot: Snapshot, metric: Definition, scope: Scope, before: Window, after: Window, by: By
) -> Moved | NotExplained:
    """Shares the change of a figure out among the parts of a scope.

    Args:
        snapshot: the published data.
        metric: what is measured.
        scope: the whole.
        before: the window compared with.
        after: the window whose figure is explained.
        by: what the scope is broken down by.

    Raises:
        ScopeError: if the scope names something the snapshot does not know.
    """
    if metric.of is not None:
        return NotExplained.AGAINST_ANOTHER
    first = _whole(snapshot, metric, scope, before)
    second = _whole(snapshot, metric, scope, after)
    if first.value is None or second.value is None:
        return NotExplained.NO_VALUE
    shared = _shared_out(metric, first.value)
    if shared is None:
        return NotExplained.NOT_ADDITIVE
    method, amount, weight = shared
    asked = _asked(metric, amount, weight)
    sides = [_sides(snapshot, asked, scope, window, by) for window in (before, after)]
    if method is Method.COUNTS:
        length = _WEEK[metric.per or "day"]
        parts = of_counts(sides[0], sides[1], (first.days / length, second.days / length))
        explained = (first.value, second.value)
    else:
        if not all(fsum(side.weight for side in each.values()) for each in sides):
            return NotExplained.NO_VALUE
        parts = of_shares(sides[0], sides[1])
        explained = (
            _explained(snapshot, asked, scope, before),
            _explained(snapshot, asked, scope, after),
        )
        if method is Method.SHARES and not _is_same(explained, (first.value, second.value)):
            return NotExplained.PARTS_DIFFER
    answer = Moved(metric, by, method, first, second, explained, tuple(parts))
    is_whole = abs(answer.rest) <= EXACT * max(1.0, *map(abs, explained))
    return answer if is_whole else NotExplained.PARTS_DIFFER


def stages(before: Figure, after: Figure) -> tuple[dict[str, float], float | None]:
    """The change of each stage known on both sides, and the rest of the change they leave.

    Medians of stages do not add up to the median of the whole: the rest is theirs, and is None
    where the whole is not known.
    """
    changes = {
        name: late - early
        for name in after.parts
        if (early := before.parts.get(name)) is not None and (late := after.parts[name]) is not None
    }
    if before.value is None or after.value is None:
        return changes, None
    return changes, after.value - before.value - fsum(changes.values())


def _shared_out(metric: Definition, median_before: float) -> tuple[Method, str, str] | None:
    """The method, and the SQL of what a part adds to the numerator and to the denominator."""
    measure = " ".join(metric.measure.split())
    if metric.per is not None:
        return (Method.COUNTS, measure, "count(*)") if measure == "count(*)" else None
    if metric.less is not None:
        return None
    if metric.divided_by is not None:
        return Method.SHARES, measure, metric.divided_by
    if average := _AVERAGE.fullmatch(measure):
        return Method.SHARES, f"sum({average[1]})", f"count({average[1]})"
    if middle := _MEDIAN.fullmatch(measure):
        sides = (
            f"when {middle[1]} > {median_before!r} then 1.0 when {middle[1]} = {median_before!r}"
        )
        above = f"sum(case {sides} then 0.5 else 0.0 end)"
        return Method.RANKS, above, f"count({middle[1]})"
    return None


def _asked(metric: Definition, amount: str, weight: str) -> Definition:
    return metric.model_copy(update={"parts": {"amount": amount, "weight": weight}, "spread": None})


def _whole(snapshot: Snapshot, metric: Definition, scope: Scope, window: Window) -> Figure:
    return evaluate(snapshot, metric, scope, window).figures[0]


def _sides(
    snapshot: Snapshot, asked: Definition, scope: Scope, window: Window, by: By
) -> Mapping[str, Side]:
    """Each part that has anything to add."""
    found = evaluate(snapshot, asked, scope, window, by=[by]).figures
    sides = ((figure.part(by), _side(figure)) for figure in found if figure.population)
    return {part: side for part, side in sides if side != NOTHING}


def _side(figure: Figure) -> Side:
    return Side(figure.parts["amount"] or 0.0, figure.parts["weight"] or 0.0)


def _explained(snapshot: Snapshot, asked: Definition, scope: Scope, window: Window) -> float:
    """The whole's own amount by its weight, asked without the parts."""
    return _side(_whole(snapshot, asked, scope, window)).value or 0.0


def _is_same(found: tuple[float, float], told: tuple[float, float]) -> bool:
    return all(
        abs(one - other) <= EXACT * max(1.0, abs(other))
        for one, other in zip(found, told, strict=True)
    )
