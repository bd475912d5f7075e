"""`cairn cost statement`: what each team is charged for a month, and why the sum is right."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli import options
from app.cli.output import table
from data.configuration import load
from data.costs.statement.closing import statement_of
from data.costs.statement.month import month_of
from data.durable import write_whole
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace

if TYPE_CHECKING:
    from app.reports.statement.shown import Shown

FORMATS = ("text", "json", "csv", "pdf", "xlsx")
_FILES = ("pdf", "xlsx")


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

    Of a closed month it is what was kept when it was closed, whatever bills say now.
    """
    from app.reports.statement.shown import Shown

    if output is None and style in _FILES:
        raise click.UsageError(f"--format {style} goes with --output FILE")
    asked, organisation = month_of(month), load(workspace.configuration).organisation.name
    with closing(SnapshotReader(workspace)) as reader, reader.reading(snapshot) as opened:
        shown = Shown(*statement_of(workspace, opened, organisation, asked), team)
    content = _written(shown, style)
    if output is None:
        click.echo(content, nl=False)
    else:
        write_whole(output, content)
        click.echo(f"written: {output}")


def _written(shown: Shown, style: str) -> bytes:
    from app.reports.statement.answer import as_csv, as_json
    from app.reports.statement.document import as_document
    from app.reports.statement.workbook import as_workbook

    writers = {"text": _text, "json": as_json, "csv": as_csv, "pdf": as_document,
               "xlsx": as_workbook}  # fmt: skip
    return writers[style](shown)


def _text(shown: Shown) -> bytes:
    """What each has, and why the sum is right."""
    from app.reports.statement import tables

    told = shown.statement
    parts = [
        f"{told.organisation}: {shown.title}\n{shown.state}",
        table([_cells(row) for row in tables.sums(shown)]),
        table([_cells(row) for row in tables.proof(shown)]),
        table([_cells(row) for row in tables.checks(shown)]),
    ]
    estimated = list(tables.estimated(shown))
    if estimated:
        parts.append(f"Estimated, and in no sum above:\n{table(estimated)}")
    late = [row for row in tables.lines(shown) if row["why"]]
    if late:
        names = ("what", "why", "whose", "account", "service", "currency", "amount")
        parts.insert(2, table([{name: row[name] for name in names} for row in late]))
    currency, total, why = shown.reported()
    if currency is not None:
        parts.insert(2, f"in {currency}: {why or f'{total:,}'}")
    return ("\n\n".join(parts) + "\n").encode()


def _cells(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: f"{one:,}" if isinstance(one, Decimal) else one for name, one in row.items()}
