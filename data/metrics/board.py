"""Everything a page of figures asks at once: of a scope, of its periods, and of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.decisions.baseline import NO_BASELINES, Baselines
from data.metrics.definition import definition
from data.metrics.engine import Evaluation
from data.metrics.figure import Figure
from data.metrics.scope import By, Scope
from data.metrics.together import evaluate_together
from data.period import Grain, Window
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of a scope and window, and their trends, by metric id.

    Trends come without the stages of a metric, which only the totals show.
    """

    totals: Mapping[str, Evaluation]
    trends: Mapping[str, Evaluation]

    def total(self, metric: str) -> Figure:
        """The one figure of the whole window."""
        return self.totals[metric].figures[0]

    def trend(self, metric: str) -> tuple[Figure, ...]:
        """The figures of its periods, oldest first."""
        return self.trends[metric].figures


def board(
    snapshot: Snapshot,
    metrics: Sequence[str],
    scope: Scope,
    whole: Window,
    grain: Grain,
    edition: str,
    decided: Baselines = NO_BASELINES,
) -> Board:
    """Evaluates metrics over a window and over its periods.

    Raises:
        ScopeError: if the scope names something the snapshot does not know.
    """
    asked = [definition(metric) for metric in metrics]
    lines = [metric.model_copy(update={"parts": {}}) for metric in asked]
    return Board(
        evaluate_together(snapshot, asked, scope, whole, edition=edition, decided=decided),
        evaluate_together(snapshot, lines, scope, whole, grain, edition=edition, decided=decided),
    )


def breakdown(
    snapshot: Snapshot,
    metrics: Sequence[str],
    scope: Scope,
    whole: Window,
    by: By,
    edition: str,
    decided: Baselines = NO_BASELINES,
) -> dict[str, dict[str, Figure]]:
    """Evaluates metrics for each part of a scope: figures by metric id, by part.

    The figures come without spread and stages.

    Raises:
        ScopeError: if the scope names something the snapshot does not know.
    """
    bare: dict[str, object] = {"parts": {}, "spread": None}
    asked = [definition(metric).model_copy(update=bare) for metric in metrics]
    parts: dict[str, dict[str, Figure]] = {}
    for metric, answer in evaluate_together(
        snapshot, asked, scope, whole, None, [by], edition, decided=decided
    ).items():
        for figure in answer.figures:
            if by is By.TEAM and figure.team is None:
                continue  # told of the organisation: of no team
            parts.setdefault(figure.part(by), {})[metric] = figure
    return parts
