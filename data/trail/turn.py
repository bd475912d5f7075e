"""After a turn of the writer: controls are evaluated, and all that happened is logged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from data.configuration import Configuration
from data.controls.examination import Examination
from data.controls.history import Flip, History
from data.controls.kept import is_kept
from data.controls.kept import keep as keep_tallies
from data.controls.ledger_checks import KIND, verified
from data.decisions.book import Book
from data.errors import CairnError
from data.ledger.copies import CopyRefused
from data.ledger.entry import Asked
from data.ledger.ledger import Ledger
from data.metrics.engine import today
from data.period import parse_window
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from data.trail.examined import Kept, examined
from data.trail.keeping import keep

STANDING_PERIOD = "90d"
"""The days that controls are evaluated for after each sync."""

_CHECKED_EACH = timedelta(hours=20)

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Followed:
    """What came after a snapshot was published."""

    flips: tuple[Flip, ...] = ()
    entries: int = 0
    """How many entries the log has more."""
    troubles: tuple[CairnError, ...] = ()
    """What could not be done. The snapshot is published all the same; the next sync tries again."""
    copies: tuple[CopyRefused, ...] = ()
    """Copies of checkpoints that could not be written."""
    made_key: str | None = None
    """The public key of the log, if it began just now."""


NOTHING_FOLLOWED = Followed()


def follow(
    workspace: Workspace,
    configuration: Configuration,
    connection: duckdb.DuckDBPyConnection,
    snapshot: str,
    progress: Progress,
) -> Followed:
    """Evaluates controls on a snapshot and logs what led to it. What is done already is left.

    Args:
        workspace: whose snapshot it is.
        configuration: what holds there.
        connection: the open working database.
        snapshot: the one that is current.
        progress: told how much is done.
    """
    troubles: list[CairnError] = []
    flips: list[Flip] = []
    try:
        flips = _evaluated(workspace, configuration, snapshot, progress)
    except CairnError as error:
        troubles.append(error)
    ledger = Ledger(workspace.folder, configuration.ledger)
    try:
        done = keep(workspace, ledger, connection, (snapshot, flips), progress)
    except CairnError as error:
        return Followed(tuple(flips), 0, (*troubles, error))
    try:
        if done.made_key is None:
            _check(workspace, ledger, progress)
    except CairnError as error:
        troubles.append(error)
    made_key = str(done.made_key) if done.made_key is not None else None
    return Followed(tuple(flips), len(done.numbers), tuple(troubles), done.refused, made_key)


def _check(workspace: Workspace, ledger: Ledger, progress: Progress) -> None:
    """Checks log and book where that was not done for a day, and logs what was found.

    All decisions are logged by then: one that is not, and was there before, slipped in.

    Raises:
        LedgerBroken: if the log is not what was signed: then nothing can be logged.
        LedgerRefused: if disk or database say no.
    """
    now = datetime.now(UTC)
    last = ledger.entries(Asked(kind=KIND, limit=1, is_newest_first=True))
    if not (last and now - _CHECKED_EACH < last[0].dated_at <= now):
        found = examined(Book(workspace.folder), ledger, Kept(), progress)
        ledger.append([verified(found, now)])


def _evaluated(
    workspace: Workspace, configuration: Configuration, snapshot: str, progress: Progress
) -> list[Flip]:
    """Notes and keeps what controls come to in the last days; what is noted already stays.

    Raises:
        CairnError: if a definition or a decision cannot be read, or the disk says no.
    """
    history = History(workspace.folder)
    rules = Examination.of(workspace, configuration)
    last = history.last()
    is_noted = all(n in last and last[n].snapshot == snapshot for n in rules.known.controls)
    if is_noted and is_kept(workspace, snapshot):
        return []
    with closing(SnapshotReader(workspace)) as reader, reader.reading(snapshot) as opened:
        window = parse_window(STANDING_PERIOD, today(opened))
        found = rules.outcomes(opened, window, progress=progress)
        keep_tallies(workspace, rules, opened, found)
    return history.record(found, datetime.now(UTC))
