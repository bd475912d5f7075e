"""Reading all configured sources into the working database, page by page.

A page is archived and mapped, then logged, then its rows and the stream's cursor commit together
with the place in the log. Killed anywhere, the next sync applies what was logged and goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime

from connectors.interface import Batch, Connector, Context, Reading, Stream
from connectors.kinds import connect_all
from connectors.rebuild import PageRefused, fitting, mapped, replay
from data.configuration import Configuration
from data.errors import CairnError
from data.model import Gap, GapReason
from data.store.archive import Archive
from data.store.log import Event, EventType, LogWriter
from data.store.page import Page
from data.store.stamp import stamp_after
from data.store.standing import gaps_event
from data.store.working import Run, Touched, Working, tables_of
from data.store.workspace import Workspace


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


def sync(
    workspace: Workspace, configuration: Configuration, working: Working, context: Context
) -> list[SourceResult]:
    """Reads every configured source; one that fails does not stop the others.

    The caller holds the workspace's writer lock.

    Raises:
        ConfigurationError: before anything is read, if a source is configured wrongly.
        ArchiveDamaged: if the log does not fit the database.
    """
    sources = connect_all(workspace, configuration, context)
    archive = Archive(workspace.archive)
    replay(archive, working, sources, context.progress)
    with _session(archive, working, context) as session:
        removed = session.reset_all_but(sources)
        read = [session.read(each.connector, each.settings) for each in sources.values()]
    return [*removed, *read]


def reset_removed(
    archive: Archive, working: Working, configured: Collection[str], context: Context
) -> None:
    """Removes what is known of sources that are configured no more."""
    with _session(archive, working, context) as session:
        session.reset_all_but(configured)


@contextmanager
def _session(archive: Archive, working: Working, context: Context) -> Iterator[_Session]:
    run = stamp_after(working.last_run(), context.clock())
    with closing(archive.writer(run)) as log:
        yield _Session(run, working, archive, log, context)


class _Session:
    """What one sync holds open."""

    def __init__(
        self, run: str, working: Working, archive: Archive, log: LogWriter, context: Context
    ) -> None:
        self._run = run
        self._working = working
        self._archive = archive
        self._log = log
        self._now = context.clock

    def reset_all_but(self, configured: Collection[str]) -> list[SourceResult]:
        """Removes the rows of sources that are configured no more."""
        gone = [source for source in self._working.settings() if source not in configured]
        return [SourceResult(s, self._now(), touched=self._reset(s)) for s in gone]

    def read(self, connector: Connector, settings: str) -> SourceResult:
        """Pulls all streams of a source and notes the run."""
        source = connector.source
        result = SourceResult(source, self._now())
        try:
            streams = connector.discover()
        except CairnError as error:
            self._fail(result, "", [], error)
        else:
            if self._working.settings().get(source) not in (None, settings):
                result.touched += self._reset(source)
            self._tell(result, "", [], is_whole=True)
            for stream in streams:
                if stream.name == _text(stream.name):
                    self._pull(connector, settings, stream, result)
                else:
                    result.errors.append(_unreadable_name(source, stream.name))
        self._note(connector, settings, result)
        return result

    def _pull(
        self, connector: Connector, settings: str, stream: Stream, result: SourceResult
    ) -> None:
        started_at = self._now()
        gaps: list[Gap] = []
        cursor = self._working.cursor(connector.source, stream.name, settings)
        try:
            for item in connector.pull(stream, cursor):
                if isinstance(item, Gap):
                    gaps.append(_fit(item, stream.name))
                else:
                    self._keep(connector, settings, stream, item, result)
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
        )
        with fitting(connector.source, f"a page of {stream.name}"):
            end = self._log.append(page.event())
        result.touched += self._working.apply(page.event(), end, tables)
        result.pages += 1

    def _fail(
        self, result: SourceResult, stream: str, gaps: Collection[Gap], error: CairnError
    ) -> None:
        """Tells what could not be read; what was missing before may still be."""
        result.errors.append(error)
        unavailable = _unavailable(result.source, stream, error)
        self._tell(result, stream, [*gaps, unavailable], is_whole=False)

    def _tell(
        self, result: SourceResult, stream: str, gaps: Collection[Gap], *, is_whole: bool
    ) -> None:
        """Logs and applies standing gaps, if they are not what was told before."""
        known = self._working.standing_gaps(result.source, stream)
        told = frozenset({gap.id: gap for gap in gaps}.values())
        if told != known if is_whole else not told <= known:
            event = gaps_event(result.source, stream, told, self._now(), is_whole=is_whole)
            result.touched += self._apply(event)

    def _reset(self, source: str) -> Touched:
        return self._apply(Event(EventType.RESET, source, "", self._now(), {}))

    def _note(self, connector: Connector, settings: str, result: SourceResult) -> None:
        error = _text("; ".join(str(error) for error in result.errors)) or None
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
            read_at=result.read_at,
            **asdict(result.touched),
        )
        self._apply(run.event())

    def _apply(self, event: Event) -> Touched:
        """Logs an event and does what it tells: never one without the other."""
        return self._working.apply(event, self._log.append(event))


def _unavailable(source: str, stream: str, error: CairnError) -> Gap:
    return Gap(
        id=f"gap:{source}:{stream}:{GapReason.UNAVAILABLE}",
        source=source,
        reason=GapReason.UNAVAILABLE,
        what=_text(f"{stream or 'the source'} could not be read: {error.what}"),
        fix=_text(error.fix),
        count=None,
    )


def _unreadable_name(source: str, stream: str) -> PageRefused:
    what = f"{_text(stream)} has a name that is no text"
    return PageRefused(what, source, "give the file or folder another name")


def _fit(gap: Gap, stream: str) -> Gap:
    """The gap, if the store can take it: what is logged must be sure to be applied."""
    with fitting(gap.source, f"a gap of {stream}"):
        tables_of([gap])
    return gap


def _text(said: str) -> str:
    """What was said, with bytes that are no text (of a file name, say) as escapes."""
    return said.encode("utf-8", "backslashreplace").decode("utf-8")
