"""`cairn exception`: what promotions of models may lack for a time, as recorded decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from app.cli import deciding, options
from app.cli.output import emit
from data.decisions.book import Book
from data.decisions.decision import Act, Decision
from data.decisions.exception import (
    KIND,
    MOST_DAYS,
    ExceptionRefused,
    Excuse,
    GateException,
    State,
    exceptions,
    set_exception,
    withdraw_exception,
)
from data.inventory.models import known_version
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace

_WORDS = {excuse.name.lower(): excuse for excuse in Excuse}
_version = click.option("--version", help="Only this version; else every version of the model.")


@click.group(cls=deciding.Deciding)
def exception() -> None:
    """Records what promotions of a model may lack for a time. No figure changes by it."""


@exception.command(name="set")
@click.argument("model")
@_version
@click.option("--excuse", "excuses", multiple=True, required=True, type=click.Choice(list(_WORDS)),
              help="What may be missing; repeatable.")  # fmt: skip
@click.option("--until", type=deciding.day, required=True,
              help=f"Last day (UTC), at most {MOST_DAYS} days from now.")  # fmt: skip
@click.option("--asked-by", required=True, help="Who asks for it.")
@click.option("--approved-by", help="Who approves, somebody else; default: this machine's user.")
@deciding.reason
@options.style
@click.pass_obj
def set_(  # noqa: PLR0913 - one parameter an option
    workspace: Workspace,
    *,
    model: str,
    version: str | None,
    excuses: tuple[str, ...],
    until: datetime,
    asked_by: str,
    approved_by: str | None,
    reason: str,
    style: str,
) -> None:
    """Lets promotions of MODEL lack something, in place of what was decided for it before."""
    _check_known(workspace, model, version)
    approver, why = deciding.by(approved_by, reason)
    made = set_exception(
        Book(workspace.folder),
        (model, version),
        tuple(_WORDS[word] for word in excuses),
        until.date(),
        (asked_by.strip(), approver, why),
    )
    emit(style, [_row(made, State.IN_FORCE)])


@exception.command(name="list")
@deciding.as_of
@click.option("--all", "is_all", is_flag=True, help="Also those withdrawn or replaced.")
@options.style
@click.pass_obj
def list_(workspace: Workspace, *, as_of: datetime | None, is_all: bool, style: str) -> None:
    """Lists the exceptions in force, and those that have expired."""
    book = Book(workspace.folder)
    then = deciding.then(as_of)
    standing = {one.id: one for one in exceptions(book, then).all}
    told = book.decisions(then, KIND)
    emit(style, [_row(one, _state(standing.get(one.id), then)) for one in told
                 if is_all or one.id in standing])  # fmt: skip


@exception.command()
@click.argument("model")
@_version
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def withdraw(
    workspace: Workspace,
    *,
    model: str,
    version: str | None,
    reason: str,
    actor: str | None,
    style: str,
) -> None:
    """Ends the exception of MODEL before its time."""
    by = deciding.by(actor, reason)
    made = withdraw_exception(Book(workspace.folder), (model, version), by)
    emit(style, [_row(made, State.ENDED)])


def _check_known(workspace: Workspace, model: str, version: str | None) -> None:
    """Makes sure that the registry tells of the model, and of the version."""
    with SnapshotReader(workspace).reading() as opened:
        is_model, is_version = known_version(opened, model, version)
    if not is_model:
        raise ExceptionRefused(f"there is no model `{model}`", "", "see the page *Models*")
    if not is_version:
        what = f"model `{model}` has no version `{version}`"
        raise ExceptionRefused(what, "--version", "see its versions on the page *Models*")


def _state(found: GateException | None, then: datetime) -> State:
    return found.state(then.date()) if found else State.ENDED


def _row(made: Decision, state: State) -> dict[str, Any]:
    value = made.value
    told = deciding.row(made)
    is_set = made.act == Act.SET
    return {
        "id": made.id,
        "metric": made.subject,
        "model": value["model"],
        "version": value["version"],
        "excuses": ", ".join(value["excuses"]),
        "until": value["until"],
        "state": state.value,
        "act": told["act"],
        "asked_by": value["asked_by"],
        "approved_by": told["actor"] if is_set else None,
        "withdrawn_by": None if is_set else told["actor"],
        "reason": told["reason"],
        "decided_at": told["decided_at"],
    }
