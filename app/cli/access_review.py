"""`cairn access-review`: who has which right, and a recorded decision about each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from app.cli import deciding, options
from app.cli.choices import choices
from app.cli.output import emit
from data.decisions.access_review import AccessReview, Verdict, access_reviews
from data.decisions.book import Book
from data.decisions.decision import NothingDecided
from data.decisions.member import Member
from data.decisions.reviewing import MOST_DAYS, Chosen, close, decide, start
from data.decisions.scope import parse_scope
from data.store.workspace import Workspace

_BRIEF = ("id", "scope", "state", "members", "undecided", "until", "started_by", "closed_by")


@click.group(name="access-review", cls=deciding.Deciding)
def access_review() -> None:
    """Records reviews of access: a decision about each right."""


@access_review.command(name="start")
@click.option("--scope", default="organisation", show_default=True,
              help="organisation, team:… or repository:… (* and ?).")  # fmt: skip
@click.option("--until", type=deciding.day, required=True,
              help=f"Last day (UTC), at most {MOST_DAYS} days from now.")  # fmt: skip
@deciding.reason
@deciding.actor
@options.snapshot
@options.style
@click.pass_obj
def start_(
    workspace: Workspace,
    *,
    scope: str,
    until: datetime,
    reason: str,
    actor: str | None,
    snapshot: str | None,
    style: str,
) -> None:
    """Takes down who has which right now, so that it can be decided about each."""
    from app.deciding.reviewing import taken
    from data.store.snapshot import SnapshotReader

    by = deciding.by(actor, reason)
    with SnapshotReader(workspace).reading(snapshot) as opened:
        told = taken(opened, parse_scope(scope))
    book = Book(workspace.folder)
    _tell(book, start(book, told, until.date(), by).id, style)


@access_review.command(name="decide")
@click.argument("review")
@click.option("--member", help="Id of the member; else --csv.")
@click.option("--decision", "word", metavar=f"[{'|'.join(Verdict)}]",
              help="What is to become of the right.")  # fmt: skip
@click.option("--csv", "file", type=click.Path(path_type=Path),
              help="Decides about many: the columns member, decision and reason of a CSV file. "
                   "`show --format csv` writes one to fill in.")  # fmt: skip
@click.option("--reason", default="", help="Why; with --csv, of each that has none of its own.")
@deciding.actor
@options.style
@click.pass_obj
def decide_(  # noqa: PLR0913 - one parameter an option
    workspace: Workspace,
    *,
    review: str,
    member: str | None,
    word: str | None,
    file: Path | None,
    reason: str,
    actor: str | None,
    style: str,
) -> None:
    """Decides about members of REVIEW; nobody about themself."""
    chosen = _chosen(member, word, file, reason)
    book = Book(workspace.folder)
    decide(book, review, chosen, deciding.who_decides(actor))
    _tell(book, review, style)


@access_review.command(name="close")
@click.argument("review")
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def close_(
    workspace: Workspace, *, review: str, reason: str, actor: str | None, style: str
) -> None:
    """Closes REVIEW, if every member has a decision."""
    book = Book(workspace.folder)
    close(book, review, deciding.by(actor, reason))
    _tell(book, review, style)


@access_review.command(name="list")
@deciding.as_of
@options.style
@click.pass_obj
def list_(workspace: Workspace, *, as_of: datetime | None, style: str) -> None:
    """Lists the reviews, and how far they are."""
    then = deciding.then(as_of)
    found = access_reviews(Book(workspace.folder), then)
    rows = [_row(one, then.date()) for one in found]
    emit(style, [_brief(row) for row in rows] if style == "text" else rows, {"as_of": then})


@access_review.command()
@click.argument("review")
@click.option("--undecided", is_flag=True, help="Only members without a decision.")
@deciding.as_of
@options.style
@click.pass_obj
def show(
    workspace: Workspace, *, review: str, undecided: bool, as_of: datetime | None, style: str
) -> None:
    """Lists the members of REVIEW with what was decided, and whether it was done."""
    then = deciding.then(as_of)
    found = _found(Book(workspace.folder), review, then)
    left = _left(workspace, found)
    shown = found.undecided if undecided else found.members
    rows = [_member(found, one, left) for one in shown]
    told = _row(found, then.date())
    if style == "text":
        click.echo(deciding.described(told))
    emit(style, rows, {"as_of": then, "review": told})


def _chosen(
    member: str | None, word: str | None, file: Path | None, reason: str
) -> tuple[Chosen, ...]:
    from data.decisions.reviewing import verdict_of

    if file is not None and member is None and word is None:
        return choices(file, reason)
    if file is not None or member is None or word is None:
        raise click.UsageError("name --member and --decision, or --csv")
    return (Chosen(member, verdict_of(word), reason),)


def _found(book: Book, review: str, then: datetime) -> AccessReview:
    found = next((one for one in access_reviews(book, then) if one.id == review), None)
    if found is None:
        what = f"there is no review of access `{review[:80]}`"
        raise NothingDecided(what, "", "see `cairn access-review list`")
    return found


def _left(workspace: Workspace, review: AccessReview) -> Mapping[str, bool]:
    """Of members to be removed: whether they are still there. Nobody is asked if there are none."""
    from app.deciding.reviewing import still_there
    from data.store.snapshot import SnapshotReader

    if not any(review.is_removed(one) for one in review.members):
        return {}
    with SnapshotReader(workspace).reading() as opened:
        return still_there(opened, review)


def _tell(book: Book, review: str, style: str) -> None:
    """How far a review is by what was just decided."""
    now = deciding.then(None)
    row = _row(_found(book, review, now), now.date())
    emit(style, [_brief(row) if style == "text" else row])


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _BRIEF}


def _row(one: AccessReview, day: date) -> dict[str, Any]:
    closed = one.closed
    return {
        "id": one.id,
        "scope": str(one.scope),
        "state": one.state(day).value,
        "members": len(one.members),
        "undecided": len(one.undecided),
        "until": one.until,
        "taken_at": one.taken_at,
        "snapshot": one.snapshot,
        "sha256": one.sha256,
        "started_by": one.started_by,
        "reason": one.why,
        "started_at": one.started_at,
        "closed_by": closed.by if closed else None,
        "closed_at": closed.at if closed else None,
        "decisions_sha256": closed.sha256 if closed else None,
    }


def _member(review: AccessReview, one: Member, left: Mapping[str, bool]) -> dict[str, Any]:
    made = review.choices.get(one.id)
    return {
        "member": one.id,
        "source": one.source,
        "account": one.account,
        "scope": one.scope,
        "kind": one.kind,
        "role": one.role,
        "has_two_factor": one.has_two_factor,
        "last_used_at": one.last_used_at,
        "decision": made.verdict.value if made else None,
        "reason": made.why if made else None,
        "decided_by": made.by if made else None,
        "decided_at": made.at if made else None,
        "is_still_there": left.get(one.id),
    }
