"""`cairn sync`: read all sources and publish."""

from __future__ import annotations

from collections import Counter
from contextlib import closing

import click

from app.cli import options
from app.cli.followed import envelope, tell_followed, tell_troubles
from app.cli.gaps import new_gap_lines
from app.cli.output import emit, report, report_error
from app.cli.progress import finish, reporter
from app.cli.untold import untold
from connectors.update import Update, context_of, update
from data.configuration import Configuration, load
from data.store.snapshot import SnapshotReader
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
    for line in new_gap_lines(done):
        report(line)
    has_troubles = tell_troubles(done.followed)
    if has_troubles or any(result.errors for result in done.sources):
        ctx.exit(SOURCE_FAILED)
    advice = _advice(workspace, load(workspace.configuration))
    if advice:
        report(advice)


def _advice(workspace: Workspace, configuration: Configuration) -> str:
    """What to do where no deployment is known; empty if one is."""
    if not configuration.source:
        fix = "add a [[source]] to cairn.toml; docs/sources/git.md shows how"
        return f"no source is configured; {fix}"
    reader = SnapshotReader(workspace)
    with closing(reader), reader.reading() as opened:
        if opened.rows("select id from deployment_outcome limit 1"):
            return ""
    context = context_of(workspace, configuration, lambda *_: None)
    warnings = (f for f in untold(workspace, configuration, context) if f.fix)
    for first in warnings:
        others = sum(1 for _ in warnings)
        rest = f"; the same of {others} more: see `cairn doctor`" if others else ""
        return f"{first.where}: {first.what}; {first.fix}{rest}"
    return "no source told of a deployment; `cairn doctor` says what each could tell"


def tell(style: str, done: Update) -> None:
    """Writes what a sync did; an error that several streams met is one."""
    errors = {
        result.source: {str(error): error for error in result.errors} for result in done.sources
    }
    gaps = Counter(gap.source for gap in done.gaps)
    rows = [
        {
            "source": result.source,
            "pages": result.pages,
            "inserted": result.touched.inserted,
            "updated": result.touched.updated,
            "deleted": result.touched.deleted,
            "errors": len(errors[result.source]),
            "gaps": gaps[result.source],
            "requests": result.requests.sent if result.requests else None,
            "counted": result.requests.counted if result.requests else None,
        }
        for result in done.sources
    ]
    emit(style, rows, {"snapshot": done.snapshot, **envelope(done.followed)})
    for of_source in errors.values():
        for error in of_source.values():
            report_error(error)
    if style == "text":
        state = "published" if done.is_new else "nothing new; still current:"
        click.echo(f"{state} snapshot {done.snapshot}")
    tell_followed(style, done.followed)
