"""`cairn metric`: the figures of one metric."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from app.answers import envelope, figure_row
from app.cli import options, readable
from app.cli.output import emit
from app.excused import mark, summary
from app.explanations import Asked
from data.benchmarks.bands import editions
from data.decisions.baseline import NO_BASELINES, Baselines, baselines
from data.decisions.exception import METRIC, exceptions
from data.metrics.definition import Definition, definition, definitions
from data.metrics.engine import DEFAULT_EDITION, Evaluation, evaluate
from data.metrics.excused import Excused, excused
from data.metrics.scope import By
from data.period import Grain
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace


@click.command()
@click.argument("name", metavar="[METRIC]", required=False)
@options.scope
@click.option("--grain", type=click.Choice([g.value for g in Grain]), help="Cut into periods.")
@click.option(
    "--by", multiple=True, type=click.Choice([b.value for b in By]), help="Break down; repeatable."
)
@click.option(
    "--edition",
    type=click.Choice(editions()),
    default=DEFAULT_EDITION,
    show_default=True,
    help="Benchmark of the bands.",
)
@click.option(
    "--explain",
    type=click.Choice([a.value for a in Asked]),
    help="What the trend tells instead of figures: unusual periods, new levels, what to expect "
    "(by week, or --grain), or what made the figure change against the period before: parts "
    "(teams, or --by) or stages; each with its rule.",
)
@options.snapshot
@click.option(
    "--decided-by",
    type=click.DateTime(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="Only decisions made until then (UTC) count; else all.",
)
@options.style
@click.pass_obj
def metric(  # noqa: PLR0913 - one parameter an option
    workspace: Workspace,
    *,
    name: str | None,
    asked: options.Asked,
    grain: str | None,
    by: tuple[str, ...],
    edition: str,
    explain: str | None,
    snapshot: str | None,
    decided_by: datetime | None,
    style: str,
) -> None:
    """Tells the figures of METRIC, or lists the metrics."""
    if name is None:
        emit(style, [_described(d, style) for d in definitions().values()])
        return
    wanted = definition(name)
    decided = _decided(workspace, wanted, decided_by)
    parts = [By(column) for column in by]
    if explain is not None:
        _explained(
            workspace,
            wanted,
            asked,
            explain=explain,
            grain=grain,
            parts=parts,
            decided=decided,
            snapshot=snapshot,
            style=style,
        )
        return
    with SnapshotReader(workspace).reading(snapshot) as opened:
        answer = evaluate(
            opened,
            wanted,
            asked.scope,
            asked.window(opened),
            Grain(grain) if grain else None,
            parts,
            edition,
            decided=decided,
        )
        beside = _excused(opened, answer, workspace, decided_by)
    if style == "text":
        click.echo(readable.heading(wanted, asked.scope, answer.window))
        emit(style, readable.figures(answer))
        if beside is not None:
            click.echo(summary(beside))
        return
    rows = [figure_row(answer, figure) for figure in answer.figures]
    emit(style, rows, envelope(answer) | (mark(beside) if beside is not None else {}))


def _explained(  # noqa: PLR0913 - one parameter an option
    workspace: Workspace,
    wanted: Definition,
    asked: options.Asked,
    *,
    explain: str,
    grain: str | None,
    parts: Sequence[By],
    decided: Baselines,
    snapshot: str | None,
    style: str,
) -> None:
    """Tells what the trend tells."""
    from app.cli.explaining import tell

    if parts and explain != Asked.MOVED:
        raise click.UsageError(f"--by goes without --explain {explain}")
    with SnapshotReader(workspace).reading(snapshot) as opened:
        tell(
            opened,
            wanted,
            asked.scope,
            asked.window(opened),
            asked=Asked(explain),
            grain=Grain(grain or Grain.WEEK),
            by=parts,
            decided=decided,
            style=style,
        )


def _decided(workspace: Workspace, wanted: Definition, until: datetime | None) -> Baselines:
    """The baselines that count, if the metric is compared with one."""
    if wanted.of is None:
        return NO_BASELINES
    from data.decisions.book import Book

    return baselines(Book(workspace.folder), until and until.replace(tzinfo=UTC))


def _excused(
    opened: Snapshot, answer: Evaluation, workspace: Workspace, until: datetime | None
) -> Excused | None:
    """What exceptions excuse, of a metric that they stand beside."""
    if answer.definition.id != METRIC:
        return None
    from data.decisions.book import Book

    decided = exceptions(Book(workspace.folder), until and until.replace(tzinfo=UTC))
    return excused(opened, answer.definition, answer.scope, answer.window, decided)


def _described(found: Definition, style: str) -> dict[str, Any]:
    if style == "text":
        return {"metric": found.id, "question": found.question}
    return {
        "metric": found.id,
        "title": found.title,
        "unit": found.unit.value,
        "version": found.version,
        "question": found.question,
    }
