"""Answers of the engine as plain values: the same for command line, API and report."""

from __future__ import annotations

from typing import Any

from data.metrics.definition import Definition
from data.metrics.engine import Evaluation
from data.metrics.figure import Figure
from data.metrics.scope import Scope
from data.period import Window
from data.store.snapshot import Snapshot


def envelope(answer: Evaluation) -> dict[str, Any]:
    """What names an answer, so that it can be had again."""
    return {
        "snapshot": answer.snapshot,
        "as_of": answer.as_of,
        "definition": definition_mark(answer.definition),
        "scope": scope_mark(answer.definition, answer.scope, answer.window),
        **({"decisions": list(answer.decisions)} if answer.definition.of else {}),
    }


def rows_envelope(
    snapshot: Snapshot, metric: Definition, scope: Scope, window: Window
) -> dict[str, Any]:
    """What names a set of rows, so that it can be had again."""
    return {
        "snapshot": snapshot.id,
        "as_of": snapshot.as_of,
        "definition": definition_mark(metric),
        "scope": scope_mark(metric, scope, window),
    }


def definition_mark(metric: Definition) -> dict[str, Any]:
    """Id, version and hash of a definition."""
    return {"id": metric.id, "version": metric.version, "sha256": metric.sha256}


def scope_mark(metric: Definition, scope: Scope, window: Window) -> dict[str, Any]:
    """A scope and window in words."""
    return {
        "team": scope.team,
        "without_teams_below": scope.is_own,
        metric.subject.value: scope.named(metric.subject),
        "environment": scope.environment or "all",
        "timezone": scope.timezone or "each team's own",
        "from": window.start,
        "to": window.end,
    }


def figure_row(answer: Evaluation, figure: Figure) -> dict[str, Any]:
    """A figure as a flat row."""
    subject = answer.definition.subject
    return {
        "period": figure.period,
        "team": figure.team or answer.scope.team,
        subject.value: figure.item or answer.scope.named(subject),
        "environment": figure.environment or answer.scope.environment or "all",
        "value": figure.value,
        "unit": answer.definition.unit.value,
        "is_lower_bound": figure.is_lower_bound,
        "n": figure.n,
        "days": figure.days,
        "coverage": figure.coverage,
        "unknown": figure.unknown,
        "band": figure.band.label if figure.band else None,
        "previous": figure.previous,
        "change": figure.change,
        "spread": figure.spread,
        **figure.parts,
        "is_partial": figure.is_partial,
        "is_over": figure.is_over,
        "is_partly_unread": figure.is_partly_unread,
        "is_previous_lower_bound": figure.is_previous_lower_bound,
        "reason": figure.reason or figure.band_reason,
    }
