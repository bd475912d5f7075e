"""`cairn rebuild`: derive everything again from the archive."""

from __future__ import annotations

import click

from app.cli import options
from app.cli.output import emit
from app.cli.progress import finish, reporter
from connectors import update
from data.store.workspace import Workspace


@click.command()
@options.style
@click.pass_obj
def rebuild(workspace: Workspace, style: str) -> None:
    """Derives all rows again from the archive, offline. Publishes them."""
    done = update.rebuild(workspace, reporter())
    finish()
    emit(style, [{"content_hash": done.content_hash}], {"snapshot": done.snapshot})
    if style == "text":
        click.echo(f"published snapshot {done.snapshot}")
