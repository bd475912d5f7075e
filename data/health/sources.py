"""Each source: how fresh it is, how its last reading went, and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from data.store.snapshot import Snapshot

_STREAMS = """
select
    s.source,
    case
        when r.name is not null then r.name || ' ' || split_part(s.stream, ':', 1)
        else s.stream
    end as stream,
    s.cursor,
    s.complete_from,
    s.complete_until,
    s.read_at
from stream s
left join repository r
  on r.source = s.source
 and r.host_id = split_part(s.stream, ':', 2)
order by s.source, 2
"""

STALE_AFTER = timedelta(hours=26)
"""A source read once a day, with two hours to spare, is fresh."""
BILLS_STALE_AFTER = timedelta(days=35)
"""So is one that brings a bill a month, with days to spare."""


class Freshness(StrEnum):
    """How old what is known of a source is. A closed collection is finished and grows no older."""

    FRESH = "fresh"
    STALE = "stale"
    NEVER = "never"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last time a source was read, well or not."""

    started_at: datetime
    finished_at: datetime
    is_done: bool
    pages: int
    inserted: int
    updated: int
    deleted: int
    error: str | None
    is_finished: bool
    requests: int | None
    """How often the source was asked; None for one that is no API."""
    counted: int | None
    """Those of them that it takes off its limit."""


@dataclass(frozen=True, slots=True)
class StreamMark:
    """How far one stream of a source has been read."""

    stream: str
    """What a reader should see: the repository's name where the stream has its id."""
    cursor: str | None
    complete_from: datetime | None
    """Since when it is read, where older history is still to come; None: all of it is."""
    complete_until: datetime | None
    read_at: datetime


@dataclass(frozen=True, slots=True)
class KnownGap:
    """Something that a source refused, dropped or truncated, and what to do about it."""

    source: str
    stream: str
    reason: str
    what: str
    fix: str
    count: int | None
    since_at: datetime | None
    until_at: datetime | None
    url: str | None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source, as the snapshot knows it."""

    source: str
    freshness: Freshness
    last_run: LastRun | None
    streams: tuple[StreamMark, ...]
    gaps: tuple[KnownGap, ...]
    has_bills: bool = False
    """Whether each stream is a bill, which is whole by itself: the newest says how far it goes."""

    @property
    def complete_until(self) -> datetime | None:
        """Until when every stream is known; None if one has never said."""
        marks = [mark.complete_until for mark in self.streams]
        known = [mark for mark in marks if mark is not None]
        if self.has_bills:
            return max(known, default=None)
        return min(known) if known and len(known) == len(marks) else None

    @property
    def complete_from(self) -> datetime | None:
        """Since when every stream is read; None if all of all streams is."""
        since = [mark.complete_from for mark in self.streams if mark.complete_from is not None]
        return max(since, default=None)

    @property
    def read_at(self) -> datetime | None:
        """When the stream that was read longest ago was read."""
        return min((mark.read_at for mark in self.streams), default=None)


def source_health(
    snapshot: Snapshot, configured: Sequence[str], now: datetime
) -> tuple[SourceHealth, ...]:
    """Looks at every source that is configured or was ever read, in alphabetical order."""
    marks = _by_source(snapshot, _STREAMS)
    gaps = known_gaps(snapshot)
    runs = _by_source(snapshot, "select * from sync_run order by started_at desc")
    paid = _with_bills(snapshot)
    names = sorted({*configured, *marks, *gaps, *runs})
    return tuple(
        _source(
            name,
            marks.get(name, []),
            gaps.get(name, ()),
            runs.get(name, []),
            now,
            has_bills=name in paid,
        )
        for name in names
    )


def known_gaps(snapshot: Snapshot) -> dict[str, tuple[KnownGap, ...]]:
    """What is missing, by source in alphabetical order."""
    by_source = _by_source(snapshot, "select * from gap order by source, stream, reason, id")
    return {
        source: tuple(
            KnownGap(**{field: row[field] for field in KnownGap.__slots__}) for row in rows
        )
        for source, rows in by_source.items()
    }


def _source(
    name: str,
    marks: list[Row],
    gaps: tuple[KnownGap, ...],
    runs: list[Row],
    now: datetime,
    *,
    has_bills: bool,
) -> SourceHealth:
    streams = tuple(
        StreamMark(**{field: m[field] for field in StreamMark.__slots__}) for m in marks
    )
    last_run = _run(runs[0]) if runs else None
    return SourceHealth(
        source=name,
        freshness=_freshness(streams, last_run, now, has_bills=has_bills),
        last_run=last_run,
        streams=streams,
        gaps=gaps,
        has_bills=has_bills,
    )


def _with_bills(snapshot: Snapshot) -> set[str]:
    """The sources of bills; a snapshot of an older version has none."""
    if "bill_in_effect" not in snapshot.manifest["rows"]:
        return set()
    rows = snapshot.rows("select distinct source from bill_in_effect")
    return {str(row["source"]) for row in rows}


def _freshness(
    streams: Sequence[StreamMark], last_run: LastRun | None, now: datetime, *, has_bills: bool
) -> Freshness:
    """By what is known, not by when somebody looked: a clone that nobody fetches grows old."""
    if not streams:
        return Freshness.NEVER
    if last_run is not None and last_run.is_finished:
        return Freshness.FINISHED
    marks = [mark.complete_until or mark.read_at for mark in streams]
    oldest, after = (max(marks), BILLS_STALE_AFTER) if has_bills else (min(marks), STALE_AFTER)
    return Freshness.STALE if now - oldest > after else Freshness.FRESH


def _run(row: Row) -> LastRun:
    return LastRun(
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        is_done=row["status"] == "done",
        pages=row["pages"],
        inserted=row["inserted"],
        updated=row["updated"],
        deleted=row["deleted"],
        error=row["error"],
        is_finished=row["is_finished"],
        requests=row["requests"],
        counted=row["counted"],
    )


Row = dict[str, Any]


def _by_source(snapshot: Snapshot, select: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in snapshot.rows(select):
        found.setdefault(row["source"], []).append(row)
    return found
