"""One sync of the sources: what it reads, stores, and tells to be missing.

A page is archived and mapped, then logged, then its rows and the stream's cursor commit together
with the place in the log; so do those of several pages that follow each other quickly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import chain

from connectors.gathered import Gathered
from connectors.interface import (
    Batch,
    Connector,
    Cursor,
    Json,
    Reading,
    Requests,
    Stream,
)
from connectors.missing import (
    as_text,
    gone_gap,
    is_unread_gap,
    unavailable_gap,
    unnamed_gap,
    unread_gap,
    unreadable_name,
)
from connectors.reaching import reaching
from connectors.rebuild import fitting, mapped
from connectors.turns import Between, take_turns
from data.errors import CairnError
from data.model import Gap
from data.store.archive import Archive
from data.store.log import Event, EventType, LogWriter
from data.store.page import Page
from data.store.standing import gaps_event
from data.store.working import Run, Told, Touched, Working, tables_of


@dataclass
class SourceResult:
    """What reading one source came to."""

    source: str
    started_at: datetime
    pages: int = 0
    touched: Touched = field(default_factory=Touched)
    errors: list[CairnError] = field(default_factory=list)
    read_at: dict[str, datetime] = field(default_factory=dict)
    """When the reading of each stream began that came to its end."""
    told: dict[str, list[Gap]] = field(default_factory=dict)
    """What each stream that was tried was told to lack as a whole."""
    offers: dict[str, set[str]] = field(default_factory=dict)
    """Entities that each kind of its streams tells of."""
    requests: Requests | None = None
    """How often it was asked; null for one that is no API."""
    is_outdated: bool = False
    """Whether its rows were read with other settings, and go once it can be read with these."""


class Session:
    """What one sync holds open."""

    def __init__(
        self,
        run: str,
        working: Working,
        archive: Archive,
        log: LogWriter,
        clock: Callable[[], datetime],
        between: Between,
    ) -> None:
        self._run = run
        self._working = working
        self._archive = archive
        self._log = log
        self._now = clock
        self._between = between
        self._gathered = Gathered(working)
        self._standing: Mapping[str, frozenset[Gap]] = {}
        """What the streams of the source that is read are known to lack as a whole."""
        self._unread: Gap | None = None
        self._kept: dict[str, Json] = {}
        """What outlives a change of settings of the source that is read, as its reset is told."""

    def reset_all_but(self, configured: Collection[str]) -> list[SourceResult]:
        """Removes the rows of sources that are configured no more."""
        gone = [source for source in self._working.settings() if source not in configured]
        return [SourceResult(s, self._now(), touched=self._reset(s, {})) for s in gone]

    def read(self, connector: Connector, settings: str) -> SourceResult:
        """Pulls all streams of a source and notes the run."""
        source = connector.source
        result = SourceResult(source, self._now())
        result.is_outdated = self._working.settings().get(source) not in (None, settings)
        self._standing, self._unread = self._working.standing_gaps(source), None
        try:
            with reaching(source):
                streams = connector.discover()
        except CairnError as error:
            self._fail(result, "", [], error)
        else:
            self._read_streams(connector, settings, streams, result)
        result.requests = connector.requests
        self._note(connector, settings, result)
        return result

    def _read_streams(
        self, connector: Connector, settings: str, streams: Sequence[Stream], result: SourceResult
    ) -> None:
        missing: list[Gap] = []
        readings = []
        remembered = [stream.name for stream in streams if stream.is_remembered]
        self._kept = {"kept": remembered, "settings": settings} if remembered else {}
        for stream in streams:
            if stream.name == as_text(stream.name):
                result.offers.setdefault(stream.kind, set()).update(stream.entities)
                readings.append(self._pull(connector, settings, stream, result))
            else:
                result.errors.append(unreadable_name(result.source, stream.name))
                missing.append(unnamed_gap(result.source, stream.name))
        if connector.is_newest_first:
            self._announce(result, streams)
            take_turns(readings, self._between)
        else:
            deque(chain.from_iterable(readings), maxlen=0)
        result.touched += self._gathered.merge()
        self._say_unread(result.source, None)
        if result.is_outdated and not result.errors:
            self._replace(result)
        found = {stream.name for stream in streams}
        if not result.is_outdated:
            gone = (name for name in self._working.streams(result.source) if name not in found)
            missing.extend(gone_gap(result.source, name) for name in gone)
        for name in self._standing.keys() - found - {""}:
            self._tell(result, name, [], is_whole=True)
        self._tell(result, "", missing, is_whole=True)

    def _announce(self, result: SourceResult, streams: Sequence[Stream]) -> None:
        """Tells how many streams were never read, since what is published meanwhile lacks them."""
        read = set() if result.is_outdated else set(self._working.streams(result.source))
        # Those that failed before have a gap of their own.
        unread = [s for s in streams if s.name not in read and s.name not in self._standing]
        self._unread = unread_gap(result.source, len(unread), len(streams)) if unread else None
        self._say_unread(result.source, self._unread)

    def _say_unread(self, source: str, unread: Gap | None) -> None:
        """Says so, or no more; that is no change of what the source told."""
        known = self._standing.get("", frozenset())
        told = {gap for gap in known if not is_unread_gap(gap)} | ({unread} if unread else set())
        if told != known:
            self._apply(gaps_event(source, "", told, self._now(), is_whole=True))
            self._standing = self._working.standing_gaps(source)

    def _pull(
        self, connector: Connector, settings: str, stream: Stream, result: SourceResult
    ) -> Iterator[None]:
        """Reads a stream to its end; comes back after each page."""
        started_at = self._now()
        gaps: list[Gap] = []
        needed = None if stream.is_remembered else settings
        cursor = self._working.cursor(connector.source, stream.name, needed)
        try:
            for item in _items(connector, stream, cursor):
                if isinstance(item, Gap):
                    gaps.append(_fit(item, stream.name))
                else:
                    self._keep(connector, settings, stream, item, result)
                    yield
        except CairnError as error:
            self._fail(result, stream.name, gaps, error)
        else:
            result.read_at[stream.name] = started_at
            self._tell(result, stream.name, gaps, is_whole=True)

    def _keep(
        self,
        connector: Connector,
        settings: str,
        stream: Stream,
        batch: Batch,
        result: SourceResult,
    ) -> None:
        digest = self._archive.put(batch.payload)
        tables = mapped(connector, stream.name, batch.payload)
        page = Page(
            source=connector.source,
            stream=stream.name,
            evidence=digest,
            observed_at=self._now(),
            settings=settings,
            cursor=batch.cursor,
            is_complete=batch.reading is Reading.COMPLETE,
            is_last=batch.is_last,
            is_first=batch.is_first,
            complete_until=batch.complete_until,
            complete_from=batch.complete_from,
        )
        if result.is_outdated:
            self._replace(result)
        event = page.event()
        with fitting(connector.source, f"a page of {stream.name}"):
            end = self._log.append(event)
        result.touched += self._gathered.add(Told(event, end, tables))
        result.pages += 1

    def _fail(
        self, result: SourceResult, stream: str, gaps: Collection[Gap], error: CairnError
    ) -> None:
        """Tells what could not be read; what was missing before may still be."""
        result.errors.append(error)
        unavailable = unavailable_gap(result.source, stream, error)
        self._tell(result, stream, [*gaps, unavailable], is_whole=False)

    def _tell(
        self, result: SourceResult, stream: str, gaps: Collection[Gap], *, is_whole: bool
    ) -> None:
        """Logs and applies standing gaps, if they are not what was told before."""
        result.told[stream] = list(gaps)
        known = self._standing.get(stream, frozenset())
        told = frozenset({gap.id: gap for gap in gaps}.values())
        if told != known if is_whole else not told <= known:
            event = gaps_event(result.source, stream, told, self._now(), is_whole=is_whole)
            result.touched += self._apply(event)
            self._standing = self._working.standing_gaps(result.source)

    def _replace(self, result: SourceResult) -> None:
        """Removes what was read with other settings; what these settings showed is told again."""
        result.touched += self._reset(result.source, self._kept)
        result.is_outdated = False
        self._standing = {}
        self._say_unread(result.source, self._unread)
        for stream, gaps in list(result.told.items()):
            self._tell(result, stream, gaps, is_whole=True)

    def _reset(self, source: str, kept: Mapping[str, Json]) -> Touched:
        return self._apply(Event(EventType.RESET, source, "", self._now(), dict(kept)))

    def _note(self, connector: Connector, settings: str, result: SourceResult) -> None:
        error = as_text("; ".join(str(error) for error in result.errors)) or None
        run = Run(
            id=self._run,
            source=result.source,
            started_at=result.started_at,
            finished_at=self._now(),
            status="failed" if error else "done",
            pages=result.pages,
            error=error,
            settings=settings,
            is_live=connector.is_live,
            is_finished=connector.is_finished,
            requests=result.requests.sent if result.requests else None,
            counted=result.requests.counted if result.requests else None,
            # Else old rows and cursors would pass for those of the new settings.
            read_at={} if result.is_outdated else result.read_at,
            offers={kind: sorted(entities) for kind, entities in result.offers.items()},
            **asdict(result.touched),
        )
        self._apply(run.event())

    def _apply(self, event: Event) -> Touched:
        """Logs an event and does what it tells: never one without the other.

        What waits to be merged was told before.
        """
        touched = self._gathered.merge()
        return touched + self._working.apply(event, self._log.append(event))


def _items(connector: Connector, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
    """What a stream yields. What the system refuses a connector is no refusal of the store."""
    with reaching(connector.source):
        items = connector.pull(stream, cursor)
    while True:
        with reaching(connector.source):
            item = next(items, None)
        if item is None:
            return
        yield item


def _fit(gap: Gap, stream: str) -> Gap:
    """The gap, if the store can take it: what is logged must be sure to be applied."""
    with fitting(gap.source, f"a gap of {stream}"):
        tables_of([gap])
    return gap
