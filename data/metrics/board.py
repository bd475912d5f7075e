"""Everything a page of figures asks at once: of a scope, of its periods, and of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from data.metrics.definition import definition
from data.metrics.engine import Evaluation, Figure, evaluate
from data.metrics.period import Grain, Window
from data.metrics.scope import By, Scope
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of a scope and window, and their trends, by metric id."""

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
) -> Board:
    """Evaluates metrics over a window and over its periods.

    Raises:
        ScopeError: if the scope names something the snapshot does not know.
    """
    asked = [definition(metric) for metric in metrics]
    return Board(
        {m.id: evaluate(snapshot, m, scope, whole, edition=edition) for m in asked},
        {m.id: evaluate(snapshot, m, scope, whole, grain, edition=edition) for m in asked},
    )


def breakdown(
    snapshot: Snapshot,
    metrics: Sequence[str],
    scope: Scope,
    whole: Window,
    by: By,
    edition: str,
) -> dict[str, dict[str, Figure]]:
    """Evaluates metrics for each part of a scope: figures by metric id, by part.

    Raises:
        ScopeError: if the scope names something the snapshot does not know.
    """
    parts: dict[str, dict[str, Figure]] = {}
    for metric in metrics:
        answer = evaluate(snapshot, definition(metric), scope, whole, None, [by], edition)
        for name, figures in groupby(answer.figures, key=lambda f: str(getattr(f, by.value))):
            parts.setdefault(name, {})[metric] = next(figures)
    return parts
