"""The suite has teeth: for each clause, a connector that breaks it fails it."""

from __future__ import annotations

import dataclasses
import inspect
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.http import adapter, paging
from connectors.http.errors import HttpError, Refused
from connectors.interface import Batch, Cursor, Finding, Reading, Stream
from data.model import Gap, Record
from tests.connectors import loopback_api
from tests.connectors.conformance import CLAUSES, Conformance
from tests.connectors.loopback_api import ExampleApi, Item
from tests.connectors.test_conformance import ApiBinding

Pulled = Iterator[Batch | Gap]


def changed(item: Batch | Gap, **fields: Any) -> Batch | Gap:
    return dataclasses.replace(item, **fields) if isinstance(item, Batch) else item


class NamesAnotherSource(ExampleApi):
    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        return [dataclasses.replace(row, source="x") for row in super().rows(stream, payload)]


class AnnouncesTooLittle(ExampleApi):
    def discover(self) -> Sequence[Stream]:
        return [dataclasses.replace(stream, entities=("gap",)) for stream in super().discover()]


class MovesItsCursorTooEarly(ExampleApi):
    def pull(self, stream: Stream, cursor: Cursor | None) -> Pulled:
        pulled = list(super().pull(stream, cursor))
        last = [item.cursor for item in pulled if isinstance(item, Batch)][-1:]
        return (changed(item, cursor=last[0]) for item in pulled)


class StartsEachTimeAnew(ExampleApi):
    def pull(self, stream: Stream, cursor: Cursor | None) -> Pulled:
        return super().pull(stream, None)


class RaisesRefusals(ExampleApi):
    def pull(self, stream: Stream, cursor: Cursor | None) -> Pulled:
        for item in super().pull(stream, cursor):
            if isinstance(item, Gap) and "answered" in item.what:
                raise Refused(item.what, "", item.fix)
            yield item


class TakesARefusalForAnEmptyList(ExampleApi):
    def pull(self, stream: Stream, cursor: Cursor | None) -> Pulled:
        for item in super().pull(stream, cursor):
            yield item
            if isinstance(item, Gap):
                yield Batch(b'{"items": []}', {}, Reading.COMPLETE, is_last=True)


class TellsNoGaps(ExampleApi):
    def pull(self, stream: Stream, cursor: Cursor | None) -> Pulled:
        return (item for item in super().pull(stream, cursor) if isinstance(item, Batch))


class NeverDeletes(ExampleApi):
    def pull(self, stream: Stream, cursor: Cursor | None) -> Pulled:
        return (changed(i, reading=Reading.INCREMENT) for i in super().pull(stream, cursor))


class TakesAPageForAll(ExampleApi):
    def pull(self, stream: Stream, cursor: Cursor | None) -> Pulled:
        return (changed(item, is_last=True) for item in super().pull(stream, cursor))


class ForgetsWhenItLookedBefore(ExampleApi):
    def _promoted(self, page: Any) -> Iterator[Record]:
        return super()._promoted({**page, "before_at": None})


class LogsItsToken(ExampleApi):
    def pull(self, stream: Stream, cursor: Cursor | None) -> Pulled:
        token = (self._context.folder / "token.txt").read_text()
        logging.getLogger("careless").debug("asking with %s", token)
        return super().pull(stream, cursor)


class ArchivesItsToken(ExampleApi):
    def pull(self, stream: Stream, cursor: Cursor | None) -> Pulled:
        token = (self._context.folder / "token.txt").read_text()
        for item in super().pull(stream, cursor):
            page = {
                "asked_with": token,
                **(json.loads(item.payload) if isinstance(item, Batch) else {}),
            }
            yield changed(item, payload=json.dumps(page).encode())


class ShowsItsToken(ExampleApi):
    def check(self) -> Sequence[Finding]:
        token = (self._context.folder / "token.txt").read_text()
        return [dataclasses.replace(finding, what=token) for finding in super().check()]


class ArchivesWhatItMaps(ExampleApi):
    def pull(self, stream: Stream, cursor: Cursor | None) -> Pulled:
        for item in super().pull(stream, cursor):
            payload = item.payload if isinstance(item, Batch) else b""
            yield changed(item, payload=payload.replace(b"octarine", b"grey"))


class GoesByItsOwnClock(ExampleApi):
    def _deployments(self, cursor: Cursor) -> Pulled:
        for item in super()._deployments(cursor):
            now = self._context.clock().isoformat()
            is_last = isinstance(item, Batch) and item.is_last
            mine = {"cursor": {"since": now, "newest": now, "known": []}} if is_last else {}
            yield changed(item, **mine)


class CrashesOnAField(ExampleApi):
    def _row(self, stream: str, number: int, item: Item) -> Record:
        return self._service(item) if stream == "services" else self._deployment(item)


class DropsWhatItCannotRead(ExampleApi):
    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        rows = super().rows(stream, payload)
        return [row for row in rows if not isinstance(row, Gap) or stream == "promotions"]


class AsksTwice(ExampleApi):
    def discover(self) -> Sequence[Stream]:
        self._http.get("environments")
        return super().discover()


class AsksUnconditionally(ExampleApi):
    def _is_unchanged(self, pages: Sequence[Any]) -> bool:
        replies = [self._http.get("services", {"page": n}) for n, _ in enumerate(pages, start=1)]
        return [reply.validators for reply in replies] == list(pages)


class LooksAtTheClockInRows(ExampleApi):
    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        now = str(self._context.clock())
        return [dataclasses.replace(row, url=now) for row in super().rows(stream, payload)]


class AsksTheSourceInRows(ExampleApi):
    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        self._http.get("environments")
        return super().rows(stream, payload)


class TakesSilenceForNothingNew(ExampleApi):
    def pull(self, stream: Stream, cursor: Cursor | None) -> Pulled:
        try:
            yield from super().pull(stream, cursor)
        except HttpError:
            return


def blind_to_shifts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(paging._Walk, "_watch", lambda *_: None)


def trusting_bookmarks(patch: pytest.MonkeyPatch) -> None:
    def start(walk: Any, http: Any, bookmark: Any) -> Any:
        if bookmark is None:
            return walk.what.first, None
        return paging.Ask(bookmark["path"], bookmark["params"]), None

    patch.setattr(paging._Walk, "_start", start)


def impatient(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(adapter, "retry_seconds", lambda *_: None)


def hasty(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(adapter.PoliteAdapter, "_wait", lambda *_: None)


def deaf_to_zones(patch: pytest.MonkeyPatch) -> None:
    def local(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    patch.setattr(loopback_api, "_utc", local)


Fault = type[ExampleApi] | Callable[[pytest.MonkeyPatch], None]

BREAKS: dict[str, Sequence[Fault]] = {
    "test_a_row_fits_its_entity_and_a_cursor_is_small_json": [
        NamesAnotherSource,
        AnnouncesTooLittle,
    ],
    "test_a_kill_at_any_page_is_resumed_to_the_same_rows": [MovesItsCursorTooEarly],
    "test_reading_an_overlap_again_changes_nothing": [StartsEachTimeAnew],
    "test_a_list_that_shifts_while_paged_loses_and_doubles_nothing": [
        blind_to_shifts,
        trusting_bookmarks,
    ],
    "test_429_retry_after_and_5xx_are_honoured_on_a_fake_clock": [impatient, hasty],
    "test_a_refused_stream_is_a_gap_and_the_others_go_on": [
        RaisesRefusals,
        TakesARefusalForAnEmptyList,
        TellsNoGaps,
    ],
    "test_a_filter_the_source_does_not_know_is_noticed": [TellsNoGaps],
    "test_only_a_complete_reading_deletes": [NeverDeletes, TakesAPageForAll],
    "test_what_has_no_time_is_bounded_by_two_readings": [ForgetsWhenItLookedBefore],
    "test_no_secret_is_in_archive_cursor_log_error_or_gap": [
        LogsItsToken,
        ArchivesItsToken,
        ShowsItsToken,
    ],
    "test_a_field_without_a_column_survives_in_the_archive": [ArchivesWhatItMaps],
    "test_the_same_times_told_in_another_zone_are_the_same": [deaf_to_zones],
    "test_a_clock_an_hour_off_loses_nothing": [GoesByItsOwnClock],
    "test_a_renamed_missing_or_null_field_warns_and_does_not_crash": [
        CrashesOnAField,
        DropsWhatItCannotRead,
    ],
    "test_a_full_sync_asks_for_each_page_once_and_no_change_costs_nearly_nothing": [
        AsksTwice,
        AsksUnconditionally,
    ],
    "test_rows_depend_on_the_page_alone": [LooksAtTheClockInRows, AsksTheSourceInRows],
    "test_a_source_that_is_gone_is_told_and_loses_nothing": [TakesSilenceForNothingNew],
}

SHOWS_AS: dict[Fault, type[Exception]] = {AsksTheSourceInRows: HttpError}


def test_every_clause_has_a_connector_that_breaks_it() -> None:
    assert tuple(BREAKS) == CLAUSES


@pytest.mark.parametrize(
    ("clause", "fault"), [(clause, fault) for clause, faults in BREAKS.items() for fault in faults]
)
def test_a_careless_connector_is_caught(
    clause: str,
    fault: Fault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Careless(ApiBinding):
        connector_class = fault if isinstance(fault, type) else ExampleApi

    if not isinstance(fault, type):
        fault(monkeypatch)
    with ExitStack() as running:
        count = iter(range(1000))

        def make() -> Careless:
            folder = tmp_path / str(next(count))
            folder.mkdir()
            return Careless(folder, running)

        test = getattr(Conformance(), clause)
        given = {"make": make, "caplog": caplog, "status": 403, "page": 1, "hours": 1}
        wanted = inspect.signature(test).parameters
        with pytest.raises(SHOWS_AS.get(fault, AssertionError)):
            test(**{name: value for name, value in given.items() if name in wanted})
