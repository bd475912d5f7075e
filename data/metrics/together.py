"""Many metrics of one fact in one statement: the same figures as one by one, in fewer scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from data.benchmarks.bands import load as load_benchmark
from data.decisions.baseline import NO_BASELINES, Baselines
from data.metrics.compose import counted, figures, measured, over, voids
from data.metrics.definition import Definition
from data.metrics.engine import DEFAULT_EDITION, Evaluation, compared, known_until
from data.metrics.judge import judged
from data.metrics.scope import By, Scope
from data.period import Grain, Window
from data.store.snapshot import Snapshot


def evaluate_together(  # noqa: PLR0913 - each is a part of the question
    snapshot: Snapshot,
    metrics: Sequence[Definition],
    scope: Scope,
    whole: Window,
    grain: Grain | None = None,
    by: Sequence[By] = (),
    edition: str = DEFAULT_EDITION,
    *,
    decided: Baselines = NO_BASELINES,
) -> dict[str, Evaluation]:
    """Evaluates metrics as `evaluate` does each of them; answers by metric id.

    Raises:
        ScopeError: if the scope names something the snapshot does not know.
    """
    known_at, until = known_until(snapshot, scope)
    benchmark = load_benchmark(edition)
    answers = {}
    for same in _by_fact(metrics):
        scope.check(snapshot, same[0].subject, by)
        statement = figures(_carrier(same), scope, whole, grain, by, until, _aggregates(same))
        found = snapshot.rows(statement.sql, statement.parameters)
        for number, metric in enumerate(same):
            own = (_row(metric, number, row) for row in found)
            made = judged(metric, own, whole, grain, known_at, benchmark)
            told = compared(snapshot, metric, scope, by, made, decided)
            alone = figures(metric, scope, whole, grain, by, until)
            answers[metric.id] = Evaluation(
                metric, snapshot.id, snapshot.as_of, scope, whole, told.figures, alone,
                told.decisions,
            )  # fmt: skip
    return {metric.id: answers[metric.id] for metric in metrics}


def _by_fact(metrics: Sequence[Definition]) -> list[list[Definition]]:
    ordered = sorted(metrics, key=_rows_and_watch)
    return [list(same) for _, same in groupby(ordered, key=_rows_and_watch)]


def _rows_and_watch(metric: Definition) -> tuple[str, str, str]:
    return metric.fact, metric.watched_in, metric.watched or ""


def _carrier(metrics: Sequence[Definition]) -> Definition:
    """A definition whose population holds that of every metric."""
    return metrics[0].model_copy(
        update={
            "population": " or ".join(f"({metric.population})" for metric in metrics),
            "known": "true",
            "measure": "count(*)",
            "divided_by": None,
            "weight": None,
            "void": {},
            "spread": None,
        }
    )


def _aggregates(metrics: Sequence[Definition]) -> dict[str, str]:
    """The aggregates of all metrics, each over its population; names end in its number."""
    found: dict[str, str] = {}
    for number, metric in enumerate(metrics):
        where = f"({metric.population})"
        found |= {
            f"population_{number}": counted(metric, where),
            f"n_{number}": counted(metric, f"{where} and ({metric.known})"),
            f"assured_{number}": counted(metric, f"{where} and ({metric.assured_condition})"),
            f"measure_{number}": measured(metric, where),
        }
        found |= {f"{name}_{number}": sql for name, sql in voids(metric, where).items()}
        if metric.spread is not None:
            found[f"spread_{number}"] = over(metric.spread, where)
        found |= {
            f"{name}_{number}": over(sql, f"{where} and ({metric.known})")
            for name, sql in metric.parts.items()
        }
    return found


def _row(metric: Definition, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row that the metric's own statement would have given."""
    measure = row[f"measure_{number}"]
    counts = {name: row[f"{name}_{number}"] or 0 for name in ("population", "n", "assured")}
    parts = {name: row[f"{name}_{number}"] for name in (*metric.parts, *voids(metric))}
    spread = row[f"spread_{number}"] if metric.spread else None
    return {
        **row,
        **counts,
        **parts,
        "spread": spread,
        "value": _value(metric, measure, row["days"]),
    }


def _value(metric: Definition, measure: float | None, days: int) -> float | None:
    if metric.per is None:
        return measure
    length = 1 if metric.per == "day" else 7
    return (measure or 0) * length / days if days > 0 else None
