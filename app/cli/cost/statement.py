"""`cairn cost statement`: what each team is charged for a month, and why the sum is right."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from app.cli import options
from app.cli.taken import log_taken
from app.deciding.who import who_decides
from app.viewer import sees_names
from data.configuration import load
from data.costs.statement.closing import statement_of
from data.costs.statement.month import month_of
from data.durable import write_whole
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from data.trail.exported import Through

FORMATS = ("text", "json", "csv", "pdf", "xlsx")


@click.command()
@click.argument("month")
@click.option(
    "--team",
    help="Only what this team itself has, without teams below it; why the sum is "
    "right is told of all.",
)
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True,
              help="How it is written; PDF and workbook need --output.")  # fmt: skip
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@options.snapshot
@click.pass_obj
def statement(
    workspace: Workspace,
    *,
    month: str,
    team: str | None,
    style: str,
    output: Path | None,
    snapshot: str | None,
) -> None:
    """Tells what each team is charged for MONTH (2026-09): billed cost, in whole cents.

    Of a closed month it is what was kept when it was closed, whatever bills say now. That it was
    written into a file stands in the log of events.
    """
    from app.reports.statement.format import Format, export_of, written
    from app.reports.statement.shown import Shown

    kind = Format(style)
    if output is None and kind.is_file:
        raise click.UsageError(f"--format {style} goes with --output FILE")
    asked, configuration = month_of(month), load(workspace.configuration)
    organisation = configuration.organisation.name
    with closing(SnapshotReader(workspace)) as reader, reader.reading(snapshot) as opened:
        told = statement_of(workspace, opened, organisation, asked)
    shown = Shown(*told, team, sees_names(configuration))
    content = written(shown, kind)
    if output is None:
        click.echo(content, nl=False)
        return
    write_whole(output, content)
    click.echo(f"written: {output}")
    export = export_of(shown, kind, Through.COMMAND, who_decides(None) or None)
    log_taken(workspace, export, output)
