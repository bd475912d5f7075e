"""Applying the archive's log again, without asking any source.

A rebuild applies all of it to an empty database; a sync first applies what a crash left over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice

from connectors.interface import Connector
from connectors.kinds import Configured, Progress
from data.errors import CairnError
from data.store.archive import Archive
from data.store.log import Event, EventType
from data.store.working import Tables, Told, Working, tables_of

_EVENTS_A_TRANSACTION = 100


class PageRefused(CairnError):
    """The rows of a page do not fit. The page is in the archive, none of its rows is stored."""


def mapped(connector: Connector, stream: str, payload: bytes) -> Tables:
    """Maps a page to tables that the store is sure to take.

    Raises:
        PageRefused: if the connector or the entity cannot make sense of it.
    """
    with fitting(connector.source, f"a page of {stream}"):
        return tables_of(connector.rows(stream, payload))


@contextmanager
def fitting(source: str, what: str) -> Iterator[None]:
    """Tells as one line what a connector made that the store cannot take.

    Raises:
        PageRefused: for whatever goes wrong inside the block.
    """
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise PageRefused(
            f"{what} cannot be stored ({type(error).__name__}: {error})",
            source,
            "this is a fault of Cairn: please report it; the other streams go on",
        ) from error


def replay(
    archive: Archive, working: Working, sources: Mapping[str, Configured], progress: Progress
) -> None:
    """Applies the events of the log that the database does not have yet.

    What a later reset of its source takes back is passed over, as are the rows of sources that
    are configured no more.

    Raises:
        ArchiveDamaged: if a page or a line of the log is missing or changed.
        PageRefused: if a page cannot be mapped, or was read by another kind of source.
    """
    resets = _Resets()
    total = 0
    for end, event in archive.log.events(working.log_end):
        total += 1
        if event.type is EventType.RESET:
            resets.note(end, event)
    events = enumerate(archive.log.events(working.log_end), start=1)
    while some := list(islice(events, _EVENTS_A_TRANSACTION)):
        told = [
            Told(event, end, _tables(archive, sources, event))
            for _, (end, event) in some
            if not resets.take_back(end, event)
        ]
        if told:
            working.apply_all(told)
        progress("archive", some[-1][0], total)


class _Resets:
    """The resets of a log, and what they take back."""

    def __init__(self) -> None:
        self._of: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)

    def note(self, end: int, event: Event) -> None:
        """Takes in a reset, which ends at that byte."""
        self._of[event.source].append((end, frozenset(event.detail.get("kept", ()))))

    def take_back(self, end: int, event: Event) -> bool:
        """Whether a later one takes back what an event told that ends at that byte."""
        if event.type in (EventType.RUN, EventType.RESET):
            return False
        later = (kept for at, kept in self._of.get(event.source, ()) if at > end)
        return any(event.stream not in kept for kept in later)


def _tables(archive: Archive, sources: Mapping[str, Configured], event: Event) -> Tables:
    source = sources.get(event.source)
    if event.type is not EventType.PAGE or source is None:
        return {}
    payload = archive.get(event.detail["sha256"])
    try:
        return mapped(source.connector, event.stream, payload)
    except PageRefused as error:
        if event.detail["settings"] == source.settings:
            raise
        # To pass over it would lose rows that stay until the source can be read as it is set now.
        raise PageRefused(
            f"{event.stream} was read with other settings, and cannot be read with these",
            f"cairn.toml, source {event.source}",
            "put its old settings back, or remove the source to do without what was read of it",
        ) from error
