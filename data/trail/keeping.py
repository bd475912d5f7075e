"""Keeping the trail: after a sync, what sources told, changed and were found to be is logged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import chain
from typing import Any

import duckdb

from data.controls.history import Flip
from data.decisions.book import Book
from data.decisions.decision import Decision, digest, moment
from data.decisions.scope import Scope, ScopeKind
from data.decisions.waiver import State, waivers
from data.ledger.entry import Asked
from data.ledger.event import Event
from data.ledger.ledger import Appended, Ledger
from data.ledger.people import People
from data.store.manifest import snapshot_path, verified_manifest
from data.store.retention import published
from data.store.workspace import Workspace
from data.trail.told import changed_between, told_since

PUBLISHED = "snapshot.published"
_FIRST = datetime(1, 1, 1, tzinfo=UTC)


def keep(
    workspace: Workspace,
    ledger: Ledger,
    connection: duckdb.DuckDBPyConnection,
    turn: tuple[str, Sequence[Flip]],
    progress: Callable[[str, int, int | None], None],
) -> Appended:
    """Logs all that happened up to a snapshot and is not in the log yet, at once or not at all.

    Args:
        workspace: whose trail it is.
        ledger: its log.
        connection: the open working database.
        turn: the snapshot that is current, and the controls that stand at another state with it.
        progress: told how much is done.

    Raises:
        LedgerBroken: if the log is not what was signed: nothing is written.
        LedgerRefused: if disk or database say no.
    """
    snapshot, flips = turn
    path = snapshot_path(workspace, snapshot)
    manifest = verified_manifest(path)
    told_until, before = _last(ledger)
    seen = [told_until or _FIRST]
    book = Book(workspace.folder)
    events = chain(
        _noting(seen, told_since(connection, path, seen[0], ledger.people)),
        _changed(workspace, connection, before, manifest, ledger.people),
        decisions(book, ledger.people),
        expired(book, datetime.now(UTC)),
        (_flipped(flip) for flip in flips),
        _published(manifest, seen) if before != snapshot else (),
    )
    return ledger.append(events, progress)


def decisions(book: Book, people: People) -> Iterator[Event]:
    """Yields each decision as an event: by its hash, since it may name people."""
    for one in book.decisions():
        yield decided(one, people)


def decided(one: Decision, people: People) -> Event:
    """The event of a decision. What was decided stays in the book; its hash is in the log."""
    at = moment(one.decided_at)
    return Event(
        kind=f"decision.{one.kind}",
        id=f"decision:{one.id}",
        observed_at=at,
        happened_at=at,
        actor=people.pseudonym(one.actor),
        subject=one.subject,
        source="cairn",
        after=digest(one),
        data={"act": one.act, "team": one.team, "title": f"{one.kind} {one.act}: {one.subject}"},
    )


def expired(book: Book, now: datetime) -> Iterator[Event]:
    """Yields an event for each waiver whose last day is past: what it covered counts again."""
    for one in waivers(book).all:
        if one.state(now.date()) is State.EXPIRED:
            ended_at = datetime.combine(one.until + timedelta(days=1), time(), UTC)
            yield Event(
                kind="waiver.expired",
                id=f"waiver.expired:{one.id}",
                observed_at=ended_at,
                happened_at=ended_at,
                subject=one.control,
                source="cairn",
                before="in force",
                after="expired",
                data={"title": f"waiver of {one.control} for {_named(one.scope)} has expired",
                      "waiver": one.id, "team": None},
            )  # fmt: skip


def _named(scope: Scope) -> str:
    """A scope as the log may tell it: the id of a row can be that of a person."""
    return "one row" if scope.kind is ScopeKind.ROW else str(scope)


def _noting(seen: list[datetime], events: Iterator[Event]) -> Iterator[Event]:
    """Passes events on, and notes as the last of `seen` the newest time one was seen at."""
    for one in events:
        seen[-1] = max(seen[-1], one.observed_at)
        yield one


def _last(ledger: Ledger) -> tuple[datetime | None, str | None]:
    """Until when what sources told is in the log, and the snapshot it was published in."""
    asked = Asked(kind=PUBLISHED, limit=1, is_newest_first=True)
    for entry in ledger.entries(asked):
        if entry.event is not None:
            until = entry.event.data["told_until"]
            return datetime.fromisoformat(until), entry.event.subject
    return None, None


def _changed(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    before: str | None,
    manifest: Mapping[str, Any],
    people: People,
) -> Iterator[Event]:
    """What sources show otherwise than in the last snapshot that was logged, if that is kept."""
    now = manifest["snapshot"]
    if before is None or before == now or before not in published(workspace):
        return iter(())
    paths = (snapshot_path(workspace, before), snapshot_path(workspace, now))
    return changed_between(connection, paths, datetime.fromisoformat(manifest["as_of"]), people)


def _published(manifest: Mapping[str, Any], seen: Sequence[datetime]) -> Iterator[Event]:
    """The event of a snapshot, which says until when what was told is in the log with it."""
    at = datetime.fromisoformat(manifest["published_at"])
    snapshot = manifest["snapshot"]
    yield Event(
        kind=PUBLISHED,
        id=f"{PUBLISHED}:{snapshot}",
        observed_at=at,
        happened_at=at,
        subject=snapshot,
        source="cairn",
        after=manifest["sha256"],
        data={
            "title": f"snapshot {snapshot}",
            "as_of": manifest["as_of"],
            "told_until": seen[-1].isoformat(),
        },
    )


def _flipped(flip: Flip) -> Event:
    now = flip.evaluated
    return Event(
        kind="control.changed",
        id=f"control.changed:{now.control}@{now.snapshot}",
        observed_at=now.evaluated_at,
        happened_at=now.evaluated_at,
        subject=now.control,
        source="cairn",
        before=flip.stood.value,
        after=now.standing.value,
        data={
            "title": f"{now.control}: {flip.stood.value} → {now.standing.value}",
            "snapshot": now.snapshot,
            "sha256": now.sha256,
            "is_redefined": flip.is_redefined,
            "row_count": len(flip.turned),
            "rows_sha256": _rows(flip),
        },
    )


def _rows(flip: Flip) -> str:
    """Hash of the rows that turned: their ids may name people, and stay in the history alone."""
    told = "\n".join(f"{one.row} {one.was} {one.became}" for one in flip.turned)
    return hashlib.sha256(told.encode()).hexdigest()
