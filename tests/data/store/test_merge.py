"""What a page does to the rows before it, and what it leaves untouched."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.model import ENTITIES
from data.store.working import Touched, Working, tables_of
from tests.data.store.rows import NOON, complete, names, page, rows, service, version


def test_new_rows_are_inserted_with_where_they_come_from(working: Working) -> None:
    assert working.merge_records(page(), [version(1), service("shop")]) == Touched(inserted=2)
    (row,) = rows(working)
    assert row["name"] == "v1"
    assert (row["stream"], row["evidence"]) == ("tags", "page-1")
    assert row["observed_at"] == NOON + timedelta(hours=1)


def test_a_row_that_says_the_same_is_not_touched(working: Working) -> None:
    working.merge_records(page(1), [version(1), version(2)])
    before = rows(working)
    assert working.merge_records(page(2), [version(2), version(1)]) == Touched()
    assert rows(working) == before


def test_a_row_that_says_something_else_is_updated_whole(working: Working) -> None:
    working.merge_records(page(1), [version(1), version(2)])
    changed = version(2, name="w2", sha="abc", tagged_at=None)
    assert working.merge_records(page(2), [version(1), changed]) == Touched(updated=1)
    old, new = rows(working)
    assert (old["evidence"], new["evidence"]) == ("page-1", "page-2")
    assert (new["name"], new["sha"], new["tagged_at"]) == ("w2", "abc", None)
    assert new["observed_at"] == NOON + timedelta(hours=2)


@pytest.mark.parametrize(
    ("before", "after"),
    [({"sha": None}, {"sha": ""}), ({"sha": "x"}, {"sha": None}), ({"sha": "x"}, {"sha": "x "})],
)
def test_null_empty_and_blank_are_three_things(
    working: Working, before: dict[str, Any], after: dict[str, Any]
) -> None:
    working.merge_records(page(1), [version(1, **before)])
    assert working.merge_records(page(2), [version(1, **after)]) == Touched(updated=1)


def test_of_two_rows_of_one_id_in_a_page_the_later_counts(working: Working) -> None:
    twice = [version(1, name="early"), version(2), version(1, name="late")]
    assert working.merge_records(page(), twice) == Touched(inserted=2)
    assert names(working) == ["late", "v2"]
    assert working.merge_records(page(2), twice) == Touched()


def test_an_empty_page_only_moves_the_cursor(working: Working) -> None:
    assert working.merge_records(page(7), []) == Touched()
    assert working.cursor("web", "tags", "settings") == {"next": 7}
    assert sum(working.counts().values()) == 0


def test_rows_without_rows_to_merge_are_counted_as_such(working: Working) -> None:
    assert working.merge(page(), {"version": ENTITIES["version"].table([])}) == Touched()


def test_a_page_that_fails_leaves_neither_rows_nor_cursor(working: Working) -> None:
    working.merge_records(page(1), [version(1)])
    tables = {**tables_of([version(2)]), "service": tables_of([version(3)])["version"]}
    with pytest.raises(duckdb.Error):
        working.merge(page(2), tables)
    assert names(working) == ["v1"]
    assert working.cursor("web", "tags", "settings") == {"next": 1}
    assert working.merge_records(page(2), [version(2)]) == Touched(inserted=1)


# --- complete readings ---


def test_only_the_end_of_a_complete_reading_deletes(working: Working) -> None:
    working.merge_records(page(1), [version(n) for n in range(6)])
    assert working.merge_records(complete(2, is_last=False), [version(0)]) == Touched()
    assert working.merge_records(complete(3, is_last=False), [version(2)]) == Touched()
    assert len(rows(working)) == 6
    assert working.merge_records(complete(4), [version(4), version(9)]) == Touched(
        inserted=1, deleted=3
    )
    assert names(working) == ["v0", "v2", "v4", "v9"]


def test_a_complete_reading_that_shows_nothing_deletes_everything_of_its_stream(
    working: Working,
) -> None:
    working.merge_records(page(1), [version(1), service("shop")])
    working.merge_records(page(2, stream="other"), [version(2)])
    working.merge_records(page(3, source="app"), [version(3, source="app")])
    assert working.merge_records(complete(4), []) == Touched(deleted=2)
    assert names(working) == ["v2", "v3"]
    assert names(working, "service") == []


def test_two_streams_tell_of_one_entity_and_delete_only_their_own(working: Working) -> None:
    working.merge_records(complete(1), [version(1), version(2)])
    working.merge_records(complete(2, stream="other"), [version(3), version(4)])
    working.merge_records(complete(3), [version(2)])
    working.merge_records(complete(4, stream="other"), [version(3)])
    assert names(working) == ["v2", "v3"]


def test_an_increment_never_deletes(working: Working) -> None:
    working.merge_records(page(1), [version(1)])
    assert working.merge_records(page(2, is_last=True), [version(2)]) == Touched(inserted=1)
    assert names(working) == ["v1", "v2"]


def test_a_complete_reading_given_up_for_an_increment_counts_for_nothing(working: Working) -> None:
    working.merge_records(page(1), [version(1), version(2)])
    working.merge_records(complete(2, is_last=False), [version(1)])
    working.merge_records(page(3), [])
    assert working.merge_records(complete(4), [version(2)]) == Touched(deleted=1)
    assert names(working) == ["v2"]


def test_a_complete_reading_that_begins_anew_forgets_the_one_that_never_ended(
    working: Working,
) -> None:
    working.merge_records(page(1), [version(1), version(2), version(3)])
    working.merge_records(complete(2, is_first=True, is_last=False), [version(1)])
    working.merge_records(complete(3, is_first=True, is_last=False), [version(2)])
    assert working.merge_records(complete(4), [version(9)]) == Touched(inserted=1, deleted=2)
    assert names(working) == ["v2", "v9"]


def test_a_complete_reading_goes_on_after_the_database_was_closed(path: Path) -> None:
    with closing(Working(path)) as first:
        first.merge_records(page(1), [version(1), version(2), version(3)])
        first.merge_records(complete(2, is_last=False), [version(1)])
    with closing(Working(path)) as second:
        assert second.merge_records(complete(3), [version(3)]) == Touched(deleted=1)
        assert names(second) == ["v1", "v3"]
