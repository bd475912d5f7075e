"""Evaluating a metric: the one way for page, command line, API and report alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from data.benchmarks.bands import load as load_benchmark
from data.decisions.baseline import NO_BASELINES, Baselines
from data.metrics.compose import Statement, exclusions, figures, rows
from data.metrics.definition import Definition, definition
from data.metrics.figure import Figure
from data.metrics.judge import first_unknown_day, judged
from data.metrics.relative import Comparison, compare
from data.metrics.scope import By, Scope
from data.period import Grain, Window
from data.store.snapshot import Snapshot

DEFAULT_EDITION = "dora_2024"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one question, and how they were computed."""

    definition: Definition
    snapshot: str
    as_of: datetime
    scope: Scope
    window: Window
    figures: tuple[Figure, ...]
    statement: Statement
    decisions: tuple[str, ...] = ()
    """Ids of the decisions it rests on, if its metric rests on any."""


def evaluate(  # noqa: PLR0913 - each is a part of the question
    snapshot: Snapshot,
    metric: Definition,
    scope: Scope,
    whole: Window,
    grain: Grain | None = None,
    by: Sequence[By] = (),
    edition: str = DEFAULT_EDITION,
    *,
    decided: Baselines = NO_BASELINES,
) -> Evaluation:
    """Evaluates a metric over a window, cut into periods and broken down by groups.

    Args:
        snapshot: the published data.
        metric: what is measured.
        scope: which part of the organisation.
        whole: which days.
        grain: how they are cut; None for one figure.
        by: what the figures are broken down by.
        edition: benchmark that bands are taken from.
        decided: the baselines in force, for a metric that is compared with one.

    Returns:
        Figures in group and period order: one for every group the scope has and every period,
        also where nothing happened.

    Raises:
        ScopeError: if the scope names something the snapshot does not know.
    """
    scope.check(snapshot, metric.subject, by)
    known_at, until = known_until(snapshot, scope)
    statement = figures(metric, scope, whole, grain, by, until)
    found = snapshot.rows(statement.sql, statement.parameters)
    made = judged(metric, found, whole, grain, known_at, load_benchmark(edition))
    told = compared(snapshot, metric, scope, by, made, decided)
    return Evaluation(
        metric, snapshot.id, snapshot.as_of, scope, whole, told.figures, statement, told.decisions
    )


def compared(
    snapshot: Snapshot,
    metric: Definition,
    scope: Scope,
    by: Sequence[By],
    made: tuple[Figure, ...],
    decided: Baselines,
) -> Comparison:
    """The figures as they stand, or against the baseline if the metric is about that."""
    if metric.of is None:
        return Comparison(made, ())
    base = definition(metric.of)

    def measured(days: Window) -> tuple[Figure, ...]:
        return evaluate(snapshot, base, scope, days, None, by).figures

    return compare(metric, scope, made, decided, measured)


def rows_behind(
    snapshot: Snapshot, metric: Definition, scope: Scope, whole: Window, limit: int | None = None
) -> pa.Table:
    """The rows whose aggregate is the figure of that scope and window, newest first."""
    scope.check(snapshot, metric.subject)
    statement = rows(metric, scope, whole, limit)
    return snapshot.query(statement.sql, statement.parameters)


def left_out(snapshot: Snapshot, metric: Definition, scope: Scope, whole: Window) -> dict[str, int]:
    """How many rows the metric leaves out on purpose, by reason."""
    statement = exclusions(metric, scope, whole)
    counts = snapshot.rows(statement.sql, statement.parameters)[0]
    return {name: int(count) for name, count in counts.items() if count}


def known_until(snapshot: Snapshot, scope: Scope) -> tuple[datetime, date]:
    """Until when anything is known, as wall clock, and the first day of which nothing is."""
    known = snapshot.remembered("select timezone from setting")[0]
    zone = ZoneInfo(scope.timezone or known["timezone"])
    local = snapshot.as_of.astimezone(zone).replace(tzinfo=None)
    return local, first_unknown_day(local)


def today(snapshot: Snapshot) -> date:
    """The first local day of which nothing is known: where rolling windows end."""
    return known_until(snapshot, Scope())[1]
