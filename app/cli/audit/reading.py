"""`cairn audit log` and `prove`: what is in the log, and the proof of it for somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from app.cli import options
from app.cli.appended import warn
from app.cli.audit.opening import opened
from app.cli.deciding import who_decides
from app.cli.output import emit, report
from data.errors import CairnError
from data.ledger.entry import Asked, Entry
from data.ledger.ledger import Ledger
from data.store.workspace import Workspace
from data.trail.exported import Through, log_export, proof_of

_DAY = click.DateTime(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.command()
@click.option("--kind", help="A kind of event, or a pattern: `change.*`.")
@click.option("--actor", help="An account, or the pseudonym of one.")
@click.option("--subject", help="Id of what it happened to, or a pattern.")
@click.option("--source", help="The source that told it.")
@click.option("--text", help="Letters anywhere in the event.")
@click.option("--since", type=_DAY, help="From this time (UTC) on.")
@click.option("--until", type=_DAY, help="Before this time (UTC).")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most.")
@click.option("--names", "is_named", is_flag=True, help="Accounts in place of pseudonyms.")
@options.style
@click.pass_obj
def log(workspace: Workspace, /, *, is_named: bool, style: str, **told: Any) -> None:
    """Lists entries of the log, the newest first."""
    ledger = opened(workspace)
    actor = told.pop("actor")
    if actor is not None and not actor.startswith("person:"):
        actor = ledger.people.known(actor) if ledger.is_there else actor
    for name in ("since", "until"):
        told[name] = _utc(told[name])
    names = ledger.people.accounts() if is_named else {}
    asked = Asked(actor=actor, is_newest_first=True, **told)
    emit(style, [_row(entry, names) for entry in ledger.entries(asked)])


@click.command()
@click.argument("event")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Where the proof is written.",
)
@click.option(
    "--entry",
    type=click.IntRange(0),
    help="Number of the entry, of an event that was told in several ways; default: the newest.",
)
@click.pass_obj
def prove(workspace: Workspace, event: str, out: Path, entry: int | None) -> None:
    """Writes the proof that EVENT is in the log.

    `docs/verify_proof.py` checks it without Cairn.
    """
    ledger = opened(workspace)
    bundle = ledger.prove(event, entry)
    out.write_text(str(bundle), encoding="utf-8")
    click.echo(f"{out}: entry {bundle.index:,}, proven under the public key {ledger.key()}")
    _log(ledger, event, str(bundle).encode())


def _log(ledger: Ledger, event: str, content: bytes) -> None:
    """Logs that a proof was written. It is as good where that cannot be: an auditor's copy."""
    try:
        export = proof_of(event, Through.COMMAND, who_decides(None) or None)
        warn(log_export(ledger, export, content))
    except CairnError as error:
        report(f"that this proof was written is not in the log: {error}")


def _utc(day: datetime | None) -> datetime | None:
    return None if day is None else day.replace(tzinfo=UTC)


def _row(entry: Entry, names: Mapping[str, str]) -> dict[str, Any]:
    told = entry.event
    actor = None if told is None else told.actor
    return {
        "entry": entry.number,
        "dated_at": entry.dated_at,
        "kind": entry.kind,
        "event": entry.id,
        "subject": None if told is None else told.subject,
        "actor": names.get(actor or "", actor),
        "source": None if told is None else told.source,
        "is_pruned": told is None,
    }
