"""`cairn metric --explain`: what a trend tells, and what made a figure change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import click

from app.answers import definition_mark, scope_mark
from app.cli import readable
from app.cli.output import emit
from app.explanations import (
    Asked,
    by_stage,
    change,
    contributions,
    rows,
    rule,
    unusual_in_brief,
)
from app.value import alike, off, say
from app.wording import days, percent
from data.decisions.baseline import Baselines
from data.metrics.definition import Definition, Unit
from data.metrics.engine import evaluate
from data.metrics.scope import By, Scope
from data.period import Grain, Window
from data.series.explain import Explained, explain
from data.series.moved import Method, Moved, NotExplained, moved
from data.store.snapshot import Snapshot

Row = dict[str, Any]
_VALUES = ("value", "expected", "low", "high", "before", "after")


def tell(  # noqa: PLR0913 - each is a part of the question
    opened: Snapshot,
    metric: Definition,
    scope: Scope,
    window: Window,
    *,
    asked: Asked,
    grain: Grain,
    by: Sequence[By],
    decided: Baselines,
    style: str,
) -> None:
    """Writes the answer: rows, and with them the rule that they were found by."""
    head = {
        "snapshot": opened.id,
        "as_of": opened.as_of,
        "definition": definition_mark(metric),
        "scope": scope_mark(metric, scope, window),
    }
    if style == "text":
        click.echo(readable.heading(metric, scope, window))
    if asked is Asked.MOVED:
        answer = moved(opened, metric, scope, window.before, window, _part(metric, scope, by))
        mark = change(metric, answer, (window.before, window))
        if style == "text":
            _say_moved(metric, answer, window)
            return
        emit(style, contributions(answer) if isinstance(answer, Moved) else [], {**head, **mark})
        return
    if asked is Asked.STAGES:
        _tell_stages(opened, metric, scope, window, style, head)
        return
    told = explain(opened, metric, scope, window, grain, decided)
    if style == "text":
        _say(told, asked)
        return
    emit(style, rows(told, asked), {**head, "grain": grain.value, **rule(told, asked)})


def _tell_stages(
    opened: Snapshot,
    metric: Definition,
    scope: Scope,
    window: Window,
    style: str,
    head: Row,
) -> None:
    """The change of each stage of a time, and the rest that their medians leave."""
    if not metric.parts or metric.unit is not Unit.SECONDS:
        raise click.UsageError(f"{metric.id} has no stages")
    before, after = (
        evaluate(opened, metric, scope, each).figures[0] for each in (window.before, window)
    )
    found = by_stage(before, after)
    if style != "text":
        reason = None if found else NotExplained.NO_VALUE.value
        emit(style, found, {**head, "reason": reason})
        return
    shown = [
        {
            **{
                name: None if row[name] is None else say(metric, row[name])
                for name in ("before", "after")
            },
            "change": _with_sign(row["change"], partial(off, metric)),
        }
        for row in found
    ]
    emit(style, [{"stage": row["stage"], **told} for row, told in zip(found, shown, strict=True)])
    if not found:
        click.echo(f"Not told: {NotExplained.NO_VALUE.value}.")


def _part(metric: Definition, scope: Scope, by: Sequence[By]) -> By:
    """What the change is shared out among: teams, and inside one what it owns."""
    if len(by) > 1:
        raise click.UsageError("--explain moved takes one --by")
    if by:
        return by[0]
    return By.TEAM if scope.team is None else By(metric.subject.value)


def _say(told: Explained, asked: Asked) -> None:
    found = rows(told, asked)
    emit("text", [_in_words(told.metric, row) for row in found])
    if not found and asked is not Asked.FORECAST:
        click.echo(_nothing(told, asked))
    mark = rule(told, asked)
    for words in (mark.get("rule"), mark.get("usual_now"), mark.get("reason")):
        if words:
            click.echo(f"{'usual now: ' * (words == mark.get('usual_now'))}{words}")


def _in_words(metric: Definition, row: Row) -> Row:
    """The values of a row in one unit."""
    values = {name: row[name] for name in _VALUES if name in row}
    in_words = alike(metric, *values.values())
    return {
        name: in_words(value) if name in values else value
        for name, value in row.items()
        if name not in ("period", "score", "unit")
    }


def _nothing(told: Explained, asked: Asked) -> str:
    if asked is Asked.LEVELS:
        return "No change of level."
    left = told.judged.unjudged if told.judged.judged else 0
    return unusual_in_brief(told) + f"; {left} could not be judged" * (left > 0) + "."


def _say_moved(metric: Definition, answer: Moved | NotExplained, window: Window) -> None:
    if isinstance(answer, NotExplained):
        click.echo(f"Not told: {answer.value}.")
        return
    read = percent if answer.method is Method.RANKS else partial(say, metric)
    parts = [
        {
            answer.by.value: part.part,
            "adds": _signed(answer, part.total),
            "before": None if (early := part.before.value) is None else read(early),
            "after": None if (late := part.after.value) is None else read(late),
        }
        if answer.method is not Method.COUNTS
        else {
            answer.by.value: part.part,
            "adds": _signed(answer, part.total),
            f"{metric.counts[1]} before": f"{part.before.amount:,.0f}",
            f"{metric.counts[1]} after": f"{part.after.amount:,.0f}",
        }
        for part in answer.parts
    ]
    emit("text", parts)
    click.echo(f"All together {_signed(answer, answer.change)}, against {days(window.before)}.")
    click.echo(f"{answer.in_words(partial(say, metric))}.")


def _signed(answer: Moved, value: float) -> str:
    """A change with its sign, in the unit that all of them have."""
    if answer.method is Method.RANKS:
        return _with_sign(value, lambda size: f"{size * 100:.2f} points")
    return _with_sign(value, partial(off, answer.metric))


def _with_sign(value: float, read: Callable[[float], str]) -> str:
    return ("+" if value > 0 else "−" * (value < 0)) + read(abs(value))
