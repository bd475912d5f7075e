"""`cairn cost load`: reads what is new of the bills, and says which hold."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from app.cli import options
from app.cli.gaps import new_gap_lines
from app.cli.output import emit, report, report_error
from app.cli.progress import finish, reporter
from connectors.update import Update, update
from data.configuration import load as configured
from data.costs.definition import cost_sql
from data.costs.money import exact
from data.errors import WrongQuestion
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace

KIND = "bills"
SOURCE_FAILED = 3


class NoBillSource(WrongQuestion):
    """No source of bills is configured."""


@click.command()
@options.style
@click.pass_context
def load(ctx: click.Context, style: str) -> None:
    """Reads the sources of kind `bills`, publishes, and lists the bills that hold.

    Exits 3 if a source cannot be read.
    """
    workspace: Workspace = ctx.obj
    if not any(source.kind == KIND for source in configured(workspace.configuration).source):
        fix = "add a [[source]] of kind `bills`; docs/costs/bills.md shows how"
        raise NoBillSource("no bills are configured", str(workspace.configuration), fix)
    done = update(workspace, reporter(), KIND)
    finish()
    _tell(workspace, style, done)
    for line in new_gap_lines(done):
        report(line)
    errors = [error for result in done.sources for error in result.errors]
    for error in errors:
        report_error(error)
    if errors:
        ctx.exit(SOURCE_FAILED)


def _tell(workspace: Workspace, style: str, done: Update) -> None:
    with closing(SnapshotReader(workspace)) as reader, reader.reading(done.snapshot) as opened:
        bills = opened.rows(cost_sql("asked/bills"))
        emit(style, [_row(bill) for bill in bills],
             {"snapshot": opened.id, "as_of": opened.as_of.isoformat()})  # fmt: skip
    if style == "text":
        state = "published" if done.is_new else "nothing new; still current:"
        click.echo(f"{state} snapshot {done.snapshot}")


def _row(bill: dict[str, Any]) -> dict[str, Any]:
    amounts = {name: exact(bill[name]) for name in ("billed_cost", "effective_cost")}
    return {**bill, **amounts}
