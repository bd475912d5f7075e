"""`cairn doctor`: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime

import click

from app.cli import options
from app.cli.closing import closing as closing_windows
from app.cli.cost.findings import cost_files, costs_lack
from app.cli.gaps import gap_findings
from app.cli.output import emit, place, printable
from app.cli.preview import show_preview
from app.cli.untold import untold
from connectors.interface import Finding, Severity
from connectors.kinds import connect
from connectors.update import context_of
from data.configuration import Configuration, load
from data.errors import CairnError
from data.health.ownership import idle_patterns, unowned, unowned_repositories
from data.health.repositories import namesakes
from data.health.sources import source_health
from data.store.manifest import current_id, snapshot_path, verified_manifest
from data.store.retention import pinned, published
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace


@click.command()
@click.option(
    "--preview",
    is_flag=True,
    help="Show what the rules of hosts would take for deployments and incidents; store nothing.",
)
@options.style
@click.pass_context
def doctor(ctx: click.Context, style: str, *, preview: bool) -> None:
    """Checks configuration, sources, ownership, rules and rates of costs, and snapshots.

    Exits 1 if something is wrong.
    """
    workspace: Workspace = ctx.obj
    if preview:
        show_preview(workspace, style)
        return
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
    path = str(workspace.configuration)
    sources = list(_sources(workspace, configuration))
    if not any(f.severity is Severity.ERROR and f.where.startswith(path) for f in sources):
        yield Finding(Severity.OK, "the configuration is valid", path)
    yield from sources
    yield from cost_files(workspace, configuration)
    told = [f.what for f in sources if f.severity is Severity.ERROR]
    yield from _snapshots(workspace, configuration, told)


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
    yield from untold(workspace, configuration, context)


def _snapshots(
    workspace: Workspace, configuration: Configuration, told: Sequence[str]
) -> Iterator[Finding]:
    try:
        current = current_id(workspace)
        verified_manifest(snapshot_path(workspace, current))
    except CairnError as error:
        yield _wrong(error)
        return
    kept, held = published(workspace), pinned(workspace)
    what = f"snapshot {current} is current and whole; {len(kept)} kept, {len(held)} pinned"
    yield Finding(Severity.OK, what, str(workspace.snapshots))
    try:
        with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
            yield from _failed(opened, told)
            yield from gap_findings(opened)
            context = context_of(workspace, configuration, lambda *_: None)
            yield from closing_windows(workspace, configuration, context, opened)
            yield from _namesakes(opened)
            yield from _owners(opened)
            yield from costs_lack(opened)
    except CairnError as error:
        yield _wrong(error)


def _failed(opened: Snapshot, told: Sequence[str]) -> Iterator[Finding]:
    """Sources whose last reading failed, unless that is found now and told already."""
    for source in source_health(opened, [], datetime.now(UTC)):
        error = source.last_run.error if source.last_run else None
        if error and not any(what in error for what in told):
            what = f"its last reading failed: {error}"
            fix = "if that is mended, run `cairn sync`"
            yield Finding(Severity.ERROR, what, source.source, fix)


def _namesakes(opened: Snapshot) -> Iterator[Finding]:
    for name in namesakes(opened):
        what = f"repositories at {' and '.join(name.urls)} are both called `{name.repository}`"
        fix = "name one of them with `repository`: what is told of them is mixed"
        yield Finding(Severity.WARNING, what, ", ".join(name.sources), fix)


def _owners(opened: Snapshot) -> Iterator[Finding]:
    for idle in idle_patterns(opened):
        what = f"`{idle.pattern}` of team {idle.team} matches nothing"
        fix = "correct the pattern, or remove it"
        yield Finding(Severity.WARNING, what, "cairn.toml", fix)
    nobodys = [f"service {one.service}" for one in unowned(opened)]
    nobodys += [f"repository {one.repository}" for one in unowned_repositories(opened)]
    for what in nobodys:
        fix = "add a pattern to a team's `owns`"
        yield Finding(Severity.WARNING, f"nobody owns {what}", "cairn.toml", fix)


def _wrong(error: CairnError) -> Finding:
    return Finding(Severity.ERROR, error.what, error.where, error.fix)


def _line(finding: Finding) -> str:
    fix = f"; {finding.fix}" if finding.fix else ""
    line = f"{finding.severity.value:7} {place(finding.where)}{finding.what}{fix}"
    return printable(" ".join(line.splitlines()))


def _row(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity.value,
        "where": finding.where,
        "what": finding.what,
        "fix": finding.fix,
    }
