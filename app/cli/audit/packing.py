"""`cairn audit pack`: all that an auditor takes away, to be checked without Cairn."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from app.cli import options
from app.cli.appended import warn
from app.cli.check import chosen
from app.cli.deciding import who_decides
from app.cli.output import emit, report
from app.cli.progress import finish, reporter
from data.configuration import load
from data.controls.catalogue import catalogue
from data.controls.sampling import USUAL_SIZE
from data.ledger.ledger import Ledger
from data.metrics.engine import today
from data.period import parse_window
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--framework", help="Only controls that serve a clause of it: soc2, iso27001, …")
@click.option("--control", "names", multiple=True, help="Only this control; repeatable.")
@click.option("--team", help="A team, with the teams below it.")
@click.option("--period", required=True, help="2026, 2026-Q2, 2026-05, 2026-W20, 90d, 6m.")
@click.option("--sample", "size", type=click.IntRange(0, 10_000), default=USUAL_SIZE,
              show_default=True, help="Members drawn from each population.")  # fmt: skip
@click.option("--seed", default="", help="Text that decides which are drawn; default: the period.")
@options.snapshot
@click.pass_obj
def pack(  # noqa: PLR0913 - one parameter an option
    workspace: Workspace,
    *,
    path: Path,
    framework: str | None,
    names: tuple[str, ...],
    team: str | None,
    period: str,
    size: int,
    seed: str,
    snapshot: str | None,
) -> None:
    """Writes an evidence pack to PATH: a ZIP file if it ends in .zip, else a folder."""
    from app.reports.pack.gathering import Wanted, gathered
    from app.reports.pack.proving import proofs
    from app.reports.pack.writing import refuse_existing, write

    refuse_existing(path)
    configuration = load(workspace.configuration)
    controls = chosen(catalogue(workspace.folder), names, framework)
    with closing(SnapshotReader(workspace)) as reader, reader.reading(snapshot) as opened:
        window = parse_window(period, today(opened))
        wanted = Wanted(window, controls, framework, team, seed or window.label, size)
        contents = gathered(workspace, configuration, opened, wanted, reporter())
    finish()
    files = contents.files()
    ledger = Ledger(workspace.folder, configuration.ledger)
    by = (who_decides(None) or None, datetime.now(UTC))
    proven, missing, done = proofs(ledger, contents.assessment, files, by)
    warn(done)
    write({**files, **proven}, path)
    rows = [{"written": str(path), "files": len(files) + len(proven), "proofs": len(proven) - 1}]
    emit("text", rows)
    for event in missing:
        report(f"the log does not hold `{event}`: the pack has no proof of it; run `cairn sync`")
