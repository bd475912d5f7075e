"""The stream of a repository's workflow runs, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from connectors.answers.moment import moment
from connectors.answers.page import Header, write_page
from connectors.github.asking import Asking
from connectors.github.pipelines.run_details import details_of
from connectors.github.pipelines.run_rows import run_rows
from connectors.github.pipelines.run_state import RunState, created, last_change
from connectors.github.pipelines.run_stretch import FIRST_RUNS_AT, Part, Stretch, as_told
from connectors.github.pipelines.run_windows import MOST_LISTED, Read, Windows
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.http.errors import RateLimited, UnexpectedReply
from connectors.http.reply import Validators
from connectors.http.retry import server_now
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Gap, GapReason, Record

_LOOKBACK = timedelta(days=30)
"""A run can be run again for so long."""
_LOOK_EVERY = timedelta(days=1)


class Runs(Reader):
    """Reads runs by the time they were made, and once a day looks whether old ones changed.

    Runs that had not ended are asked for in every sync, as is the newest page.
    """

    kind: ClassVar[str] = "runs"
    entities: ClassVar[tuple[str, ...]] = ("pipeline_run", "task_run", "deployment", "gap")
    needs: ClassVar[str] = "Actions: read"
    blind: ClassVar[tuple[str, ...]] = ("DP-02", "DP-05", "DP-07", "IR-02")
    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields runs that are new or changed, then older ones."""
        known = dict(cursor or {})
        is_first = known.get("name") != place.name
        state = RunState(place.name) if is_first else RunState.of(known)
        windows = Windows(self._asking, place, state, self.page_size)
        yield from _Sync(self._asking, place, state, windows, is_first).pull()

    def sample(self, place: Place, most: int) -> Iterator[Batch | Gap]:
        """Yields no more runs than are looked at: the jobs of each may have to be asked for."""
        state = RunState(place.name)
        windows = Windows(self._asking, place, state, min(most, self.page_size))
        return _Sync(self._asking, place, state, windows, is_first=True).pull()

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        return run_rows(self._asking, header, answers)


class _Sync:
    """One sync of one repository."""

    def __init__(
        self, asking: Asking, place: Place, state: RunState, windows: Windows, is_first: bool
    ) -> None:
        self._asking = asking
        self._place = place
        self._state = state
        self._windows = windows
        self._is_first = is_first
        self._total: int | None = None

    def pull(self) -> Iterator[Batch | Gap]:
        state = self._state
        newest = self._windows.newest(state.probe)
        now = server_now(newest.headers, self._asking.context.clock())
        if not newest.is_unchanged:
            yield self._newest(Read.of(newest), now)
        lately = as_told(now - _LOOKBACK)
        try:
            yield from self._open(lately)
            self._look(now, lately)
            yield from self._open(lately)
        except RateLimited as limited:
            if not state.is_backfilling:
                raise
            yield self._asking.unread(self._place, "runs")(state.complete_from, limited)
            return
        yield from self._unfinished()
        if self._windows.is_filter_ignored:
            what = "GitHub lists runs of other times than were asked for: all are read each time"
            fix = "update the server, or leave the repository out"
            reason = GapReason.FILTER_IGNORED
            yield self._asking.gap(self._place.name, "runs", reason, what, fix)

    def _newest(self, read: Read, now: datetime) -> Batch:
        """The newest page; what lies between it and what is known is to be read."""
        state, is_first = self._state, self._is_first
        times = _times(read)
        has_more = read.reply.next_url is not None
        if has_more and is_first:
            state.open = [Stretch(Part.BACK, FIRST_RUNS_AT, times[0])]
        elif has_more and times[0] > state.newest:
            state.open.insert(0, Stretch(Part.NEW, state.newest or FIRST_RUNS_AT, times[0]))
        if has_more:
            covered = moment(times[-1]) - moment(times[0])
            state.expect(read.total, int(covered.total_seconds()) // len(times), MOST_LISTED)
        changed_from, state.changed = state.changed, last_change(read.runs, state.changed)
        if is_first:
            state.looked, state.looked_at = state.changed, as_told(now)
        state.newest = max([state.newest, *times])
        state.bottom = times[0] if has_more else ""
        state.probe = read.reply.validators
        self._total = read.total
        return self._batch(read, changed_from, is_last=is_first and not has_more)

    def _unfinished(self) -> Iterator[Batch]:
        """Runs that had not ended, and are too old for the newest page."""
        state = self._state
        for at in sorted(at for at in state.unfinished if at < state.bottom):
            read = self._windows.second(at, state.unfinished[at])
            if read is not None:
                del state.unfinished[at]
                yield self._batch(read, "", validators=read.reply.validators)

    def _look(self, now: datetime, since: str) -> None:
        """Once a day, what ran lately and is not what it was is to be read again."""
        state = self._state
        if now - moment(state.looked_at) < _LOOK_EVERY:
            return
        lately = [window for window in state.seen if window.until >= since]
        state.seen = [window for window in lately if self._windows.is_same(window)]
        state.open = state.unsure(since)
        state.looked, state.looked_at = state.changed, as_told(now)

    def _open(self, seen_from: str) -> Iterator[Batch]:
        """All that is to be read."""
        while self._state.open:
            yield from self._older(self._state.open[0], seen_from)

    def _older(self, stretch: Stretch, seen_from: str) -> Iterator[Batch]:
        """A window of a stretch, without pages that say nothing new and end nothing."""
        for read in self._windows.read(stretch, seen_from):
            if stretch.is_done:
                self._state.close(stretch)
            if stretch.is_done or last_change(read.runs) >= stretch.changed_from:
                is_last = stretch.is_done and stretch.part is Part.BACK
                yield self._batch(read, stretch.changed_from, is_last=is_last)

    def _batch(
        self,
        read: Read,
        changed_from: str,
        *,
        is_last: bool = False,
        validators: Validators | None = None,
    ) -> Batch:
        state = self._state
        details = details_of(self._asking, self._place, read.runs, changed_from)
        state.note_unfinished(read.runs, validators or {})
        is_first, self._is_first = self._is_first, False
        is_whole = not (is_first or is_last or state.is_backfilling)
        if not is_whole:
            state.done += len(read.runs)
            self._asking.telling(self._place, "runs")(state.done, self._total)
        header = {
            "repository": self._place.name,
            "id": self._place.id,
            "parts": details.parts,
            "missing": details.missing,
            **read.limits,
        }
        return Batch(
            payload=write_page(header, read.reply.body, *details.answers),
            cursor=state.cursor(),
            reading=Reading.INCREMENT if is_whole else Reading.COMPLETE,
            is_first=is_first,
            is_last=is_last,
            complete_from=state.complete_from,
        )


def _times(read: Read) -> list[str]:
    """When the runs of a page were made, oldest first.

    Raises:
        UnexpectedReply: if there are runs and none tells it.
    """
    times = sorted(filter(None, map(created, read.runs)))
    if read.runs and not times:
        what, fix = "no run tells when it was made", "check that the server's version is supported"
        raise UnexpectedReply(what, read.reply.where, fix, read.reply.status)
    return times
