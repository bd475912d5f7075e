"""`cairn audit hold`: legal holds, which keep events whatever their age."""

from __future__ import annotations

from typing import Any

import click

from app.cli import deciding, options
from app.cli.appended import warn
from app.cli.audit.opening import by, opened
from app.cli.output import emit
from data.ledger import custody
from data.ledger.hold import Hold
from data.store.workspace import Workspace


@click.group()
def hold() -> None:
    """Keeps events while a matter is open."""


@hold.command(name="set")
@click.option("--kinds", default="*", show_default=True, help="Kinds of events: `change.*`.")
@click.option("--subjects", default="*", show_default=True, help="Ids of what they happened to.")
@deciding.reason
@deciding.actor
@click.pass_obj
def set_(
    workspace: Workspace, *, kinds: str, subjects: str, reason: str, actor: str | None
) -> None:
    """Holds all events that match, those to come as well."""
    ledger = opened(workspace)
    done = custody.set_hold(ledger, kinds, subjects, by(actor, reason))
    warn(done)
    number = done.numbers[0]
    click.echo(f"hold {number} stands, on {custody.kept(ledger, number):,} entries by now")


@hold.command()
@click.argument("number", type=click.IntRange(0))
@deciding.reason
@deciding.actor
@click.pass_obj
def release(workspace: Workspace, *, number: int, reason: str, actor: str | None) -> None:
    """Ends hold NUMBER: what is too old goes with the next `cairn audit prune`."""
    warn(custody.release_hold(opened(workspace), number, by(actor, reason)))
    click.echo(f"hold {number} is released")


@hold.command(name="list")
@click.option("--all", "is_all", is_flag=True, help="Also those that were released.")
@options.style
@click.pass_obj
def list_(workspace: Workspace, *, is_all: bool, style: str) -> None:
    """Lists the holds that stand."""
    found = custody.holds(opened(workspace))
    emit(style, [_row(one) for one in found if is_all or one.released_by is None])


def _row(one: Hold) -> dict[str, Any]:
    return {
        "hold": one.set_by,
        "kinds": one.kinds,
        "subjects": one.subjects,
        "reason": one.reason,
        "actor": one.actor,
        "set_at": one.set_at,
        "released_by": one.released_by,
    }
