"""Figures and the rows behind them as people read them; JSON and CSV say the same exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.value import limits, told, told_before
from app.wording import NO_BAND, days, duration, no_value, percent, reading, short_band
from data.metrics.definition import Definition
from data.metrics.engine import Evaluation
from data.metrics.figure import Figure
from data.metrics.scope import Scope
from data.metrics.subject import Subject
from data.period import Window

Row = Mapping[str, Any]

_LINKS = ("url", "deployment_url", "failure_url")
_SPANS = {"lead_seconds": "lead_time", "recovery_seconds": "recovery_time"}
_CERTAIN = ("is_known", "is_assured")
"""Said only where a row lacks it."""
_RARE = ("is_baseline", "is_rollback")
"""Said only where a row has it."""


def heading(metric: Definition, scope: Scope, window: Window) -> str:
    """What is asked: `Change lead time: team web, production, 3 Aug – 31 Oct 2026`."""
    parts = [
        f"team {scope.team}{' alone' * scope.is_own}" if scope.team else "",
        *(f"{kind} {scope.named(kind)}" for kind in Subject if scope.named(kind) is not None),
        scope.environment or "all environments" if metric.subject.has_environments else "",
        days(window),
    ]
    return f"{metric.title}: {', '.join(part for part in parts if part)}"


def figures(answer: Evaluation) -> list[Row]:
    """One row a figure, with what the heading does not say."""
    periods = {figure.period for figure in answer.figures}
    return [
        {
            "period": _period(figure) if len(periods) > 1 else None,
            "team": figure.team,
            answer.definition.subject.value: figure.item,
            "environment": figure.environment,
            "value": told(figure, answer.definition.unit) or "–",
            "n": f"{figure.n:,}",
            "coverage": None if figure.coverage is None else percent(figure.coverage),
            "band": short_band(figure.band.label, figure.band.kind) if figure.band else None,
            **_compared(figure, answer.definition),
            "note": _note(figure, answer.definition.id),
        }
        for figure in answer.figures
    ]


def _period(figure: Figure) -> str:
    return days(figure.window) if "/" in figure.period else figure.period


def _compared(figure: Figure, metric: Definition) -> Row:
    """The period before, the slow tail and the stages."""
    change = None if figure.change is None else percent(figure.change)
    values = {"spread": figure.spread, **figure.parts}
    units = {"spread": metric.unit, **{name: metric.unit_of(name) for name in figure.parts}}
    read = {k: None if v is None else str(reading(v, units[k])) for k, v in values.items()}
    sign = "+" if figure.change and figure.change > 0 else ""
    previous = told_before(figure, metric.unit) or None
    return {"previous": previous, "change": change and sign + change, **read}


def _note(figure: Figure, metric: str) -> str:
    words = [
        no_value(metric, figure.reason) if figure.reason else "",
        NO_BAND[figure.band_reason] if figure.band_reason else "",
        f"{figure.unknown:,} unknown" if figure.unknown else "",
    ]
    return ", ".join([*filter(None, words), *limits(figure)])


def rows(found: Sequence[Row], scope: Scope) -> list[Row]:
    """Rows without ids and without what the heading or another column says, links last."""
    things = {kind.value: scope.named(kind) for kind in Subject}
    asked = {"team": scope.team, **things, "environment": scope.environment}
    said = {name for name, asked_for in asked.items() if _are_all(found, name, asked_for)}
    said |= {name for name in _CERTAIN if _are_all(found, name, wanted=True)}
    said |= {name for name in _RARE if _are_all(found, name, wanted=False)}
    if all(row["title"] == f"{row.get('service')} {row.get('version')}" for row in found):
        said.add("title")
    return [
        {
            _SPANS.get(name, name): _readable(name, value)
            for name, value in sorted(row.items(), key=lambda item: item[0] in _LINKS)
            if name not in {"id", *said}
        }
        for row in found
    ]


def _are_all(found: Sequence[Row], name: str, wanted: object) -> bool:
    return all(name in row and row[name] == wanted for row in found)


def _readable(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return duration(value) if name in _SPANS and value is not None else value
