"""Cursors, settings, runs, and what the working database says as a whole."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.model import Record
from data.store.log import Event, EventType
from data.store.page import Page
from data.store.run import Run
from data.store.streams import known_until
from data.store.working import Told, Touched, Working, tables_of
from tests.data.store.rows import (
    NOON,
    complete,
    gap,
    hash_after,
    names,
    page,
    run,
    service,
    told,
    version,
)


def test_a_cursor_of_other_settings_is_none(working: Working) -> None:
    working.merge_records(page(1), [])
    assert working.cursor("web", "tags", "other") is None
    assert working.cursor("web", "never", "settings") is None
    assert working.settings() == {"web": "settings"}


def test_a_source_of_which_only_a_gap_is_known_is_known(working: Working) -> None:
    told(working, [gap("a")])
    assert working.settings() == {"web": None}


def test_a_reset_takes_all_of_one_source_and_nothing_of_another(working: Working) -> None:
    working.merge_records(complete(1, is_last=False), [version(1), service("shop"), gap("g")])
    told(working, [gap("beside")])
    working.merge_records(page(2, source="app"), [version(2, source="app")])
    assert working.apply(Event(EventType.RESET, "web", "", NOON, {})) == Touched(deleted=4)
    assert names(working) == ["v2"]
    assert working.settings() == {"app": "settings"}
    assert working.connection.execute("select count(*) from seen").fetchall() == [(0,)]


def test_a_run_is_a_row_and_moves_the_time_up_to_which_a_live_stream_is_known(
    working: Working,
) -> None:
    later = NOON + timedelta(hours=5)
    working.merge_records(page(1, complete_until=NOON), [])
    assert known_until(working.connection) == NOON
    assert working.apply(run({"tags": later, "empty": later}).event()) == Touched()
    assert known_until(working.connection) == later
    assert working.cursor("web", "tags", "settings") == {"next": 1}
    assert working.cursor("web", "empty", "settings") is None
    streams = working.connection.execute("select stream from stream order by 1").fetchall()
    assert streams == [("empty",), ("tags",)]
    assert working.last_run() == "r1"


def test_a_run_of_a_source_that_is_not_live_says_nothing_about_what_is_known(
    working: Working,
) -> None:
    working.merge_records(page(1, complete_until=NOON), [])
    working.apply(run({"tags": NOON + timedelta(days=3)}, is_live=False).event())
    assert known_until(working.connection) == NOON


def test_a_stream_that_never_said_until_when_it_is_known_is_not_known_until_it_was_read(
    working: Working,
) -> None:
    for number in (1, 2):
        working.merge_records(page(number), [])
    rows = working.connection.sql("select complete_until from stream").fetchall()
    assert rows == [(None,)]


def test_what_is_known_ends_with_the_best_known_stream(
    working: Working,
) -> None:
    assert known_until(working.connection) == datetime.fromtimestamp(0, UTC)
    day = timedelta(days=1)
    working.merge_records(page(1, stream="a", complete_until=NOON - 9 * day), [])
    working.merge_records(page(1, stream="b", complete_until=NOON - 3 * day), [])
    assert known_until(working.connection) == NOON - 3 * day
    working.merge_records(page(1, source="app", complete_until=NOON - 2 * day), [])
    assert known_until(working.connection) == NOON - 2 * day
    working.merge_records(page(2, source="app"), [])
    assert known_until(working.connection) == NOON - 2 * day, (
        "a page that does not say takes nothing back"
    )
    working.merge_records(page(3, source="app", complete_until=NOON + 900 * day), [])
    now = page(3).observed_at
    assert known_until(working.connection) == now, "no reading knows what comes after it"


@given(
    happened=st.datetimes(timezones=st.just(UTC)),
    cursor=st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=5,
    ),
    until=st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_pages_and_runs_come_back_from_the_log_as_they_went_in(
    happened: datetime, cursor: Any, until: datetime | None
) -> None:
    sent = page(observed_at=happened, cursor=cursor, complete_until=until)
    assert Page.of(sent.event()) == sent
    noted = run({"a": happened}, finished_at=happened, error="x")
    assert Run.of(noted.event()) == noted


# --- as a whole ---


def test_the_place_in_the_log_moves_with_the_rows_or_not_at_all(working: Working) -> None:
    event = page(1).event()
    working.apply_all([Told(event, 100, tables_of([version(1)]))])
    assert working.log_end == 100
    with pytest.raises(duckdb.Error):
        working.apply_all([Told(event, 200, {"service": tables_of([version(3)])["version"]})])
    assert working.log_end == 100
    working.merge_records(page(2), [])
    assert working.log_end == 100


def test_the_revision_changes_with_every_row_and_with_nothing_else(
    working: Working, tmp_path: Path
) -> None:
    revisions = [working.revision]
    working.merge_records(page(1), [])
    working.apply(run({"tags": NOON}).event())
    assert working.revision == revisions[0]
    for records in ([version(1)], [version(1, name="x")]):
        working.merge_records(page(2), records)
        revisions.append(working.revision)
    working.merge_records(complete(3), [])
    revisions.append(working.revision)
    with closing(Working(tmp_path / "another.duckdb")) as another:
        revisions.append(another.revision)
    assert len(set(revisions)) == len(revisions)


def test_the_content_hash_is_that_of_the_rows_and_not_of_how_they_came(tmp_path: Path) -> None:
    records = [version(n) for n in range(50)]
    shuffled = random.Random(3).sample(records, len(records))
    calm = hash_after(tmp_path / "a", [(page(1), [*records, service("shop")])])
    detour: list[tuple[Page, list[Record]]] = [
        (complete(1, stream="x", is_last=False), [*shuffled[:20], version(99)]),
        (page(2, stream="y"), [version(0, name="early")]),
        (complete(5, stream="x"), [*shuffled, service("shop")]),
    ]
    assert hash_after(tmp_path / "b", detour) != calm, "version 99 is one too many"
    detour[0] = (replace(detour[0][0], is_complete=False), shuffled[:20])
    assert hash_after(tmp_path / "c", detour) == calm


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"sha": None}, {"sha": "NULL"}),
        ({"sha": None}, {"sha": "null"}),
        ({"sha": None}, {"sha": ""}),
        ({"sha": "a, b"}, {"sha": "a', 'b"}),
        ({"name": "a\0b"}, {"name": "ab"}),
        ({"tagged_at": NOON}, {"tagged_at": NOON + timedelta(microseconds=1)}),
    ],
)
def test_the_content_hash_tells_apart_what_looks_alike(
    tmp_path: Path, one: dict[str, Any], other: dict[str, Any]
) -> None:
    hashes = {
        hash_after(tmp_path / str(number), [(page(), [version(1, **fields)])])
        for number, fields in enumerate((one, other))
    }
    assert len(hashes) == 2


def test_an_empty_database_has_a_hash_too(working: Working, tmp_path: Path) -> None:
    assert working.content_hash() == hash_after(tmp_path / "other", [])
