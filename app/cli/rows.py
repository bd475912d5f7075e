"""`cairn rows`: the rows whose aggregate is a figure."""

from __future__ import annotations

import click

from app.answers import rows_envelope
from app.cli import options
from app.cli.output import emit
from data.metrics.definition import definition
from data.metrics.engine import rows_behind
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace


@click.command()
@click.argument("name", metavar="METRIC")
@options.scope
@click.option("--limit", type=click.IntRange(1), help="At most this many rows, the newest.")
@options.snapshot
@options.style
@click.pass_obj
def rows(
    workspace: Workspace,
    *,
    name: str,
    asked: options.Asked,
    limit: int | None,
    snapshot: str | None,
    style: str,
) -> None:
    """Lists the rows behind the figure of METRIC for a scope and period."""
    wanted = definition(name)
    with SnapshotReader(workspace).reading(snapshot) as opened:
        window = asked.window(opened)
        found = rows_behind(opened, wanted, asked.scope, window, limit)
        emit(style, found.to_pylist(), rows_envelope(opened, wanted, asked.scope, window))
