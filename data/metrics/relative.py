"""Figures set against those of a baseline: one less the value now by the value then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from data.decisions.baseline import Baseline, Baselines
from data.metrics.definition import Definition
from data.metrics.figure import Figure, NoValue
from data.metrics.scope import Scope
from data.period import Window

Group = tuple[str | None, str | None, str | None]
"""Team, thing and environment of a figure in a breakdown."""

Measured = Callable[[Window], Sequence[Figure]]
"""The figures of the compared metric over some days, one a group."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures against a baseline, and the decisions that said which."""

    figures: tuple[Figure, ...]
    decisions: tuple[str, ...]


def compare(
    metric: Definition,
    scope: Scope,
    made: Sequence[Figure],
    decided: Baselines,
    measured: Measured,
) -> Comparison:
    """Sets figures of the compared metric against its own figures in the baseline.

    Each group is compared with itself: in the days decided for its team, else for all.
    """
    used: dict[str, Baseline] = {}
    then: dict[str, dict[Group, Figure]] = {}
    told = []
    for figure in made:
        baseline = decided.find(metric.of or "", figure.team or scope.team)
        if baseline is None:
            told.append(_without(figure, NoValue.NO_BASELINE))
            continue
        if baseline.id not in used:
            used[baseline.id] = baseline
            found = measured(Window(baseline.start, baseline.end))
            then[baseline.id] = {_group(one): one for one in found}
        told.append(_against(metric, figure, then[baseline.id].get(_group(figure))))
    return Comparison(tuple(told), tuple(sorted(used)))


def _against(metric: Definition, figure: Figure, then: Figure | None) -> Figure:
    if figure.value is None:
        return _without(figure, figure.reason)
    if then is None or not then.value or then.is_lower_bound:
        return _without(figure, NoValue.BASELINE_UNKNOWN)
    if figure.is_lower_bound:
        return _without(figure, NoValue.NOT_KNOWN)
    if not _are_alike(metric, figure, then):
        return _without(figure, NoValue.UNLIKE)
    usable = figure.previous is not None and not figure.is_previous_lower_bound
    previous = 1 - (figure.previous or 0.0) / then.value if usable else 0.0
    return replace(
        figure,
        value=1 - figure.value / then.value,
        coverage=_least(figure.coverage, then.coverage),
        band=None,
        previous=previous if previous > 0 else None,  # from a growth no share of it is a reduction
        is_previous_lower_bound=False,
    )


def _are_alike(metric: Definition, figure: Figure, then: Figure) -> bool:
    """Whether the two were measured in the same way, and enough of each is known."""
    return all(figure.parts[name] == then.parts[name] for name in metric.alike) and all(
        (one.parts[name] or 0.0) >= least
        for one in (figure, then)
        for name, least in metric.at_least.items()
    )


def _without(figure: Figure, reason: NoValue | None) -> Figure:
    return replace(
        figure,
        value=None,
        reason=reason,
        is_lower_bound=False,
        band=None,
        band_reason=None,
        previous=None,
        is_previous_lower_bound=False,
    )


def _least(one: float | None, other: float | None) -> float | None:
    known = [share for share in (one, other) if share is not None]
    return min(known, default=None)


def _group(figure: Figure) -> Group:
    return figure.team, figure.item, figure.environment
