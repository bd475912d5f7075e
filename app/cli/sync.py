"""`cairn sync`: read all sources and publish."""

from __future__ import annotations

import click

from app.cli import options
from app.cli.output import emit, report_error
from app.cli.progress import finish, reporter
from connectors.update import Update, update
from data.store.workspace import Workspace

SOURCE_FAILED = 3


@click.command()
@options.style
@click.pass_context
def sync(ctx: click.Context, style: str) -> None:
    """Reads what is new at every source and publishes it. Readers are not disturbed."""
    workspace: Workspace = ctx.obj
    done = update(workspace, reporter())
    finish()
    tell(style, done)
    if any(result.errors for result in done.sources):
        ctx.exit(SOURCE_FAILED)


def tell(style: str, done: Update) -> None:
    """Writes what a sync did."""
    rows = [
        {
            "source": result.source,
            "pages": result.pages,
            "inserted": result.touched.inserted,
            "updated": result.touched.updated,
            "deleted": result.touched.deleted,
            "errors": len(result.errors),
        }
        for result in done.sources
    ]
    emit(style, rows, {"snapshot": done.snapshot})
    for result in done.sources:
        for error in result.errors:
            report_error(error)
    if style == "text":
        state = "published" if done.is_new else "nothing new; still current:"
        click.echo(f"{state} snapshot {done.snapshot}")
