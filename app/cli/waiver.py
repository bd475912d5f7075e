"""`cairn waiver`: failures of a control that may stand for a time, as recorded decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click

from app.cli import deciding, options
from app.cli.output import emit
from data.configuration.waivers import WaiverReason
from data.decisions.book import Book
from data.decisions.decision import Decision, NothingDecided
from data.decisions.scope import parse_scope
from data.decisions.waiver import KIND, State, Waiver, waivers
from data.decisions.waiving import Request, approve, reason_of, reject, request, withdraw
from data.store.workspace import Workspace

_BRIEF = ("id", "control", "scope", "reason", "state", "until", "requester", "approved_by")
_OVER = (State.WITHDRAWN, State.REJECTED, State.REPLACED)
Answer = Callable[[Book, str, tuple[str, str]], Decision]


@click.group(cls=deciding.Deciding)
def waiver() -> None:
    """Records which failures of a control may stand for a time. No state changes by it."""


@waiver.command(name="request")
@click.argument("control")
@deciding.scope
@click.option("--reason", "word", required=True, metavar=f"[{'|'.join(WaiverReason)}]",
              help="Why the failure may stand.")  # fmt: skip
@click.option("--justification", required=True, help="Why, in a few words.")
@click.option("--until", type=deciding.day,
              help="Last day (UTC), at most 90 days from now, 14 in an emergency.")  # fmt: skip
@click.option("--from", "start", type=deciding.day, help="First day (UTC); default: today.")
@click.option("--ticket", help="Where it is worked on.")
@click.option("--compensating", help="The control that keeps the harm away instead.")
@click.option("--requester", help="Who asks for it; default: the user of this machine.")
@options.style
@click.pass_obj
def request_(  # noqa: PLR0913 - one parameter an option
    workspace: Workspace,
    *,
    control: str,
    scope: str,
    word: str,
    justification: str,
    until: datetime | None,
    start: datetime | None,
    ticket: str | None,
    compensating: str | None,
    requester: str | None,
    style: str,
) -> None:
    """Asks that failures of CONTROL may stand for a time. Somebody else has to approve it."""
    from app.governed import rules

    asked = Request(
        control=control,
        scope=parse_scope(scope),
        reason=reason_of(word),
        justification=justification,
        requester=deciding.who_decides(requester),
        until=until.date() if until else None,
        start=start.date() if start else None,
        ticket=ticket,
        compensating=compensating,
    )
    book = Book(workspace.folder)
    _tell(book, request(book, asked, rules(workspace)).id, style)


@waiver.command(name="approve")
@click.argument("waiver")
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def approve_(workspace: Workspace, /, **told: Any) -> None:
    """Approves the request WAIVER. Who asked for it cannot."""
    _answer(workspace, approve, **told)


@waiver.command(name="reject")
@click.argument("waiver")
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def reject_(workspace: Workspace, /, **told: Any) -> None:
    """Rejects the request WAIVER."""
    _answer(workspace, reject, **told)


@waiver.command(name="withdraw")
@click.argument("waiver")
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def withdraw_(workspace: Workspace, /, **told: Any) -> None:
    """Takes the request WAIVER back, or ends it before its time."""
    _answer(workspace, withdraw, **told)


@waiver.command(name="list")
@click.option("--control", help="Only of this control.")
@click.option(
    "--state", type=click.Choice([one.value for one in State]), help="Only in this state."
)
@click.option("--all", "is_all", is_flag=True, help="Also those withdrawn, rejected or replaced.")
@deciding.as_of
@options.style
@click.pass_obj
def list_(
    workspace: Workspace,
    *,
    control: str | None,
    state: str | None,
    is_all: bool,
    as_of: datetime | None,
    style: str,
) -> None:
    """Lists the waivers that are requested, in force, or expired."""
    then = deciding.then(as_of)
    day = then.date()
    rows = [
        _row(one, day)
        for one in waivers(Book(workspace.folder), then).all
        if control in (None, one.control)
        and (state == one.state(day) if state else is_all or one.state(day) not in _OVER)
    ]
    emit(style, [_brief(row) for row in rows] if style == "text" else rows, {"as_of": then})


@waiver.command()
@click.argument("waiver")
@deciding.as_of
@options.style
@click.pass_obj
def show(workspace: Workspace, *, waiver: str, as_of: datetime | None, style: str) -> None:
    """Tells all of WAIVER, and who decided what about it when."""
    then = deciding.then(as_of)
    book = Book(workspace.folder)
    found = waivers(book, then).find(waiver)
    if found is None:
        what = f"there is no waiver `{waiver[:80]}`"
        raise NothingDecided(what, "", "see `cairn waiver list --all`")
    told = _row(found, then.date())
    steps = [
        {"id": one.id, **deciding.row(one)}
        for one in book.decisions(then, KIND)
        if waiver in (one.id, one.value.get("waiver"))
    ]
    if style == "text":
        click.echo(deciding.described(told))
    emit(style, steps, {"as_of": then, "waiver": told})


def _answer(
    workspace: Workspace,
    answer: Answer,
    *,
    waiver: str,
    reason: str,
    actor: str | None,
    style: str,
) -> None:
    book = Book(workspace.folder)
    answer(book, waiver, deciding.by(actor, reason))
    _tell(book, waiver, style)


def _tell(book: Book, waiver: str, style: str) -> None:
    """What has become of a waiver by what was just decided."""
    found = waivers(book).find(waiver)
    rows = [_row(found, deciding.then(None).date())] if found else []
    emit(style, [_brief(row) for row in rows] if style == "text" else rows)


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _BRIEF}


def _row(one: Waiver, day: date) -> dict[str, Any]:
    steps = {"approved": one.approved, "rejected": one.rejected, "withdrawn": one.withdrawn}
    return {
        "id": one.id,
        "control": one.control,
        "scope": str(one.scope),
        "reason": one.reason.value,
        "state": one.state(day).value,
        "from": one.start,
        "until": one.until,
        "requester": one.requester,
        "requested_at": one.requested_at,
        "justification": one.justification,
        "ticket": one.ticket,
        "compensating": one.compensating,
        **{
            f"{word}_{key}": getattr(step, key) if step else None
            for word, step in steps.items()
            for key in ("by", "at", "why")
        },
        "replaced_by": one.replaced.id if one.replaced else None,
    }
