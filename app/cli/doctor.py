"""`cairn doctor`: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

import click

from app.cli import options
from app.cli.output import emit
from connectors.interface import Finding, Severity
from connectors.kinds import connect
from connectors.update import context_of
from data.configuration import Configuration, load
from data.errors import CairnError
from data.store.retention import pinned, published
from data.store.snapshot import SnapshotReader, current_id, verified_manifest
from data.store.workspace import Workspace


@click.command()
@options.style
@click.pass_context
def doctor(ctx: click.Context, style: str) -> None:
    """Checks configuration, sources, ownership and snapshots; exits 1 if something is wrong."""
    workspace: Workspace = ctx.obj
    findings = list(examine(workspace))
    if style == "text":
        click.echo("\n".join(_line(finding) for finding in findings))
    else:
        emit(style, [_row(finding) for finding in findings])
    if any(finding.severity is Severity.ERROR for finding in findings):
        ctx.exit(1)


def examine(workspace: Workspace) -> Iterator[Finding]:
    """Yields one finding for each thing looked at."""
    try:
        configuration = load(workspace.configuration)
    except CairnError as error:
        yield _wrong(error)
        return
    yield Finding(Severity.OK, "the configuration is valid", str(workspace.configuration))
    yield from _sources(workspace, configuration)
    yield from _snapshots(workspace)


def _sources(workspace: Workspace, configuration: Configuration) -> Iterator[Finding]:
    if not configuration.source:
        fix = "add a [[source]] to cairn.toml"
        yield Finding(Severity.WARNING, "no source is configured", "cairn.toml", fix)
    context = context_of(workspace, configuration, lambda *_: None)
    for source in configuration.source:
        try:
            yield from connect(workspace, configuration, source, context).check()
        except CairnError as error:
            yield _wrong(error)


def _snapshots(workspace: Workspace) -> Iterator[Finding]:
    try:
        current = current_id(workspace)
        verified_manifest(workspace.snapshots / f"snapshot-{current}.duckdb")
    except CairnError as error:
        yield _wrong(error)
        return
    kept, held = published(workspace), pinned(workspace)
    what = f"snapshot {current} is current and whole; {len(kept)} kept, {len(held)} pinned"
    yield Finding(Severity.OK, what, str(workspace.snapshots))
    reader = SnapshotReader(workspace)
    with reader.reading() as opened:
        for row in opened.rows("select team, pattern from idle_pattern order by all"):
            what = f"`{row['pattern']}` of team {row['team']} matches nothing"
            fix = "correct the pattern, or remove it"
            yield Finding(Severity.WARNING, what, "cairn.toml", fix)
        for row in opened.rows(
            "select service from owned_service where pattern is null order by 1"
        ):
            what = f"nobody owns service {row['service']}"
            yield Finding(Severity.WARNING, what, "cairn.toml", "add a pattern to a team's `owns`")
        for row in opened.rows("select repository from unowned_repository order by 1"):
            what = f"nobody owns repository {row['repository']}"
            yield Finding(Severity.WARNING, what, "cairn.toml", "add a pattern to a team's `owns`")
    reader.close()


def _wrong(error: CairnError) -> Finding:
    return Finding(Severity.ERROR, error.what, error.where, error.fix)


def _line(finding: Finding) -> str:
    where = f"{finding.where}: " if finding.where else ""
    fix = f"; {finding.fix}" if finding.fix else ""
    return " ".join(f"{finding.severity.value:7} {where}{finding.what}{fix}".splitlines())


def _row(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity.value,
        "where": finding.where,
        "what": finding.what,
        "fix": finding.fix,
    }
