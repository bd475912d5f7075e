"""`cairn rebuild`: derive everything again from the archive."""

from __future__ import annotations

import click

from app.cli import options
from app.cli.followed import envelope, tell_followed, tell_troubles
from app.cli.output import emit
from app.cli.progress import finish, reporter
from connectors import update
from data.store.workspace import Workspace

SYSTEM_FAILED = 3


@click.command()
@options.style
@click.pass_context
def rebuild(ctx: click.Context, style: str) -> None:
    """Derives all rows again from the archive, offline. Publishes them, as a sync does."""
    workspace: Workspace = ctx.obj
    done = update.rebuild(workspace, reporter())
    finish()
    told = {"snapshot": done.snapshot, **envelope(done.followed)}
    emit(style, [{"content_hash": done.content_hash}], told)
    if style == "text":
        click.echo(f"published snapshot {done.snapshot}")
    tell_followed(style, done.followed)
    if tell_troubles(done.followed):
        ctx.exit(SYSTEM_FAILED)
