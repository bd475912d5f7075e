"""`cairn attest`: what people answer to manual controls, as recorded decisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from app.cli import deciding, options
from app.cli.output import emit
from app.deciding.attesting import record
from data.decisions.attestation import Answer, Attestation, Attested, State, attestations
from data.decisions.attesting import MOST_DAYS, AttestationRefused, withdraw_attestation
from data.decisions.book import Book
from data.decisions.decision import NothingDecided
from data.decisions.evidence import Kept, take, verify
from data.decisions.scope import parse_scope
from data.period import Window, parse_window, window
from data.store.workspace import Workspace

_BRIEF = ("id", "control", "scope", "from", "to", "answer", "state", "until", "attested_by",
          "reviewer")  # fmt: skip
_OVER = (State.WITHDRAWN, State.REPLACED)
_LOST = (Kept.CHANGED, Kept.MISSING, Kept.UNREADABLE)


@click.group(cls=deciding.Deciding)
def attest() -> None:
    """Records what people answer where no source can."""


@attest.command(name="set")
@click.argument("control")
@deciding.scope
@click.option("--period", help="What it tells of: 2026-Q3, 2026-05, 2026; or --from and --to.")
@click.option("--from", "start", type=deciding.day, help="First day.")
@click.option("--to", "end", type=deciding.day, help="Day after the last.")
@click.option("--answer", required=True, type=click.Choice([one.value for one in Answer]),
              help="Whether the control held.")  # fmt: skip
@click.option("--statement", required=True, help="What was looked at, and found.")
@click.option("--evidence", "places", multiple=True,
              help="A link, or a file whose SHA-256 is kept; repeatable.")  # fmt: skip
@click.option("--attested-by", required=True, help="Who attests it.")
@click.option("--reviewer", help="Who reviewed it, somebody else; default: this machine's user.")
@click.option("--until", type=deciding.day,
              help=f"Last day (UTC) it counts on, at most {MOST_DAYS} days from now.")  # fmt: skip
@options.style
@click.pass_obj
def set_(  # noqa: PLR0913 - one parameter an option
    workspace: Workspace,
    *,
    control: str,
    scope: str,
    period: str | None,
    start: datetime | None,
    end: datetime | None,
    answer: str,
    statement: str,
    places: tuple[str, ...],
    attested_by: str,
    reviewer: str | None,
    until: datetime | None,
    style: str,
) -> None:
    """Answers CONTROL for a scope and days, in place of what was answered for these before."""
    days = _days(period, start, end)
    told = Attested(
        control=control,
        scope=parse_scope(scope),
        start=days.start,
        end=days.end,
        answer=Answer(answer),
        statement=statement,
        evidence=tuple(take(place, workspace.folder) for place in places),
        attested_by=attested_by.strip(),
        reviewer=deciding.who_decides(reviewer),
        until=until.date() if until else None,
    )
    _tell(Book(workspace.folder), record(workspace, told).id, style)


@attest.command(name="list")
@click.option("--control", help="Only of this control.")
@click.option("--all", "is_all", is_flag=True, help="Also those withdrawn or replaced.")
@deciding.as_of
@options.style
@click.pass_obj
def list_(
    workspace: Workspace, *, control: str | None, is_all: bool, as_of: datetime | None, style: str
) -> None:
    """Lists the attestations that count, and those that have expired."""
    then = deciding.then(as_of)
    rows = [
        _row(one, then.date())
        for one in attestations(Book(workspace.folder), then).all
        if control in (None, one.told.control) and (is_all or one.state(then.date()) not in _OVER)
    ]
    emit(style, [_brief(row) for row in rows] if style == "text" else rows, {"as_of": then})


@attest.command()
@click.argument("attestation")
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def withdraw(
    workspace: Workspace, *, attestation: str, reason: str, actor: str | None, style: str
) -> None:
    """Ends ATTESTATION before its time."""
    book = Book(workspace.folder)
    withdraw_attestation(book, attestation, deciding.by(actor, reason))
    _tell(book, attestation, style)


@attest.command(name="verify")
@click.argument("attestation", required=False)
@options.style
@click.pass_context
def verify_(ctx: click.Context, *, attestation: str | None, style: str) -> None:
    """Compares the files of ATTESTATION, or of all that count, with the hashes kept of them.

    Exits with 1 if a file has changed, is missing, or cannot be read.
    """
    workspace: Workspace = ctx.obj
    known = attestations(Book(workspace.folder))
    found = known.find(attestation) if attestation else None
    if attestation and found is None:
        what = f"there is no attestation `{attestation[:80]}`"
        raise NothingDecided(what, "", "see `cairn attest list --all`")
    today = deciding.then(None).date()
    asked = (found,) if found else [one for one in known.all if one.state(today) is State.VALID]
    rows = [
        {
            "id": one.id,
            "control": one.told.control,
            "evidence": piece.place,
            "kept": verify(piece, workspace.folder).value,
            "sha256": piece.sha256,
        }
        for one in asked
        for piece in one.told.evidence
    ]
    emit(style, rows)
    if any(row["kept"] in _LOST for row in rows):
        ctx.exit(1)


def _days(period: str | None, start: datetime | None, end: datetime | None) -> Window:
    if period is not None and not (start or end):
        return parse_window(period, deciding.then(None).date())
    if period is None and start and end:
        return window(start.date(), end.date())
    raise AttestationRefused("its days are not clear", "", "name --period, or --from and --to")


def _tell(book: Book, attestation: str, style: str) -> None:
    """What has become of an attestation by what was just decided."""
    found = attestations(book).find(attestation)
    rows = [_row(found, deciding.then(None).date())] if found else []
    emit(style, [_brief(row) for row in rows] if style == "text" else rows)


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _BRIEF}


def _row(one: Attestation, day: date) -> dict[str, Any]:
    told = one.told
    by, why, at = one.withdrawn or (None, None, None)
    return {
        "id": one.id,
        "control": told.control,
        "scope": str(told.scope),
        "from": told.start,
        "to": told.end,
        "answer": told.answer.value,
        "state": one.state(day).value,
        "until": one.until,
        "attested_by": told.attested_by,
        "reviewer": told.reviewer,
        "statement": told.statement,
        "evidence": [piece.kept() for piece in told.evidence],
        "decided_at": one.decided_at,
        "replaced_by": one.replaced[0] if one.replaced else None,
        "withdrawn_by": by,
        "withdrawn_at": at,
        "withdrawn_why": why,
    }
