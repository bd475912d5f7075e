"""`cairn rows`: the rows whose aggregate is a figure."""

from __future__ import annotations

import click

from app.answers import rows_envelope
from app.cli import options, readable
from app.cli.output import emit
from app.wording import counted
from data.metrics.definition import definition
from data.metrics.engine import rows_behind
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace


@click.command()
@click.argument("name", metavar="METRIC")
@options.scope
@click.option("--limit", type=click.IntRange(1, 2**31), help="At most this many rows, the newest.")
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
    """Lists the rows behind the figure of METRIC."""
    wanted = definition(name)
    with SnapshotReader(workspace).reading(snapshot) as opened:
        window = asked.window(opened)
        found = rows_behind(opened, wanted, asked.scope, window, limit)
        if style == "text":
            number = counted(wanted.id, found.num_rows)
            click.echo(f"{readable.heading(wanted, asked.scope, window)}: {number}, times in UTC")
            emit(style, readable.rows(found.to_pylist(), asked.scope))
            return
        emit(style, found.to_pylist(), rows_envelope(opened, wanted, asked.scope, window))
