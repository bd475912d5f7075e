"""`cairn audit prune` and `erase`: what may go from the log, and what stays of it."""

from __future__ import annotations

from collections import Counter

import click

from app.cli import deciding, options
from app.cli.appended import warn
from app.cli.audit.opening import by, opened
from app.cli.output import emit, report
from data.ledger import custody
from data.store.workspace import Workspace


@click.command()
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
@deciding.actor
@options.style
@click.pass_obj
def prune(workspace: Workspace, *, dry_run: bool, actor: str | None, style: str) -> None:
    """Deletes the payloads of what is too old.

    `[ledger.retention]` says what is. All proofs stay valid.
    """
    ledger = opened(workspace)
    found, held = custody.old(ledger)
    if found and not dry_run:
        _, done = custody.prune(ledger, by(actor, "retention").account)
        warn(done)
    counts = Counter(one.rule for one in found)
    days = ledger.settings.retention
    emit(style, [{"rule": r, "days": days[r], "entries": n} for r, n in counts.items()])
    if held:
        report(f"{held:,} more are kept by a legal hold")
    if style == "text" and not found:
        click.echo("nothing is older than it is kept for")


@click.command()
@click.argument("account")
@deciding.reason
@deciding.actor
@click.pass_obj
def erase(workspace: Workspace, *, account: str, reason: str, actor: str | None) -> None:
    """Forgets for good which pseudonym is ACCOUNT. Every proof stays valid."""
    pseudonym, done = custody.erase(opened(workspace), account, by(actor, reason))
    warn(done)
    click.echo(f"{pseudonym} is nobody any more")
