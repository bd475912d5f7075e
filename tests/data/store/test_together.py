"""Pages that are merged at once leave what they would leave one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import accumulate, pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.model import Record
from data.store.page import Page
from data.store.together import batches, together
from data.store.working import Told, Touched, Working, tables_of
from data.store.workspace import Workspace
from tests.data.store.rows import NOON, complete, gap, page, rows, service, version

Read = tuple[Page, list[Record]]

_AHEAD = NOON + timedelta(days=9)
"""Later than any page was read."""
_RECORDS = st.lists(
    st.one_of(
        st.builds(version, st.integers(0, 5), name=st.sampled_from(["early", "late"])),
        st.builds(service, st.sampled_from(["shop", "till"])),
    ),
    max_size=4,
)
_GAPS = st.builds(
    lambda number: gap(f"g{number}", about=f"git:web#tag/{number}"), st.integers(0, 5)
)
_FIELDS = st.fixed_dictionaries(
    {
        "stream": st.sampled_from(["tags", "tags", "tags", "other"]),
        "is_complete": st.booleans(),
        "is_first": st.booleans(),
        "is_last": st.booleans(),
        "complete_until": st.sampled_from([None, None, NOON, _AHEAD]),
    }
)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Working, Working]]:
    folders = [Workspace(tmp_path_factory.mktemp(name)).working for name in ("one", "all")]
    with closing(Working(folders[0])) as one, closing(Working(folders[1])) as other:
        yield one, other


_OTHER = {"stream": "other", "is_complete": False, "is_first": False, "is_last": False}


@example(
    told=[
        ({**_OTHER, "complete_until": None}, [], []),
        ({**_OTHER, "complete_until": _AHEAD}, [], []),
    ],
    cuts=[],
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(st.tuples(_FIELDS, _RECORDS, st.lists(_GAPS, max_size=1)), max_size=8),
    cuts=st.lists(st.integers(1, 8), max_size=3),
)
def test_however_pages_are_gathered_rows_counts_and_cursors_are_the_same(
    two: tuple[Working, Working],
    told: list[tuple[dict[str, object], list[Record], list[Record]]],
    cuts: list[int],
) -> None:
    all_told = [
        Told(page(number, **fields).event(), number, tables_of([*records, *gaps]))
        for number, (fields, records, gaps) in enumerate(told, start=1)
    ]
    alone, gathered = two
    for working in two:
        _empty(working)
    one_by_one = sum((alone.apply_all([each]) for each in all_told), Touched())
    ends = [0, *(end for end in accumulate(cuts) if end < len(all_told)), len(all_told)]
    parts = [all_told[start:end] for start, end in pairwise(ends)]
    at_once = sum((gathered.apply_all(part) for part in parts if part), Touched())
    assert _all(gathered) == _all(alone)
    assert gathered.log_end == alone.log_end
    assert at_once == one_by_one


def test_pages_of_one_reading_are_merged_at_once_and_others_alone() -> None:
    def number_of_groups(*read: Page) -> int:
        return len(list(together([Told(each.event()) for each in read])))

    assert number_of_groups(page(1), page(2), page(3)) == 1
    assert number_of_groups(page(1), page(2, stream="other"), page(3)) == 3
    assert number_of_groups(complete(1, is_last=False), complete(2)) == 1
    assert number_of_groups(complete(1), complete(2)) == 2
    assert number_of_groups(complete(1, is_last=False), complete(2, is_first=True)) == 2
    assert number_of_groups(page(1, complete_until=NOON), page(2)) == 2
    assert number_of_groups(page(2), page(1)) == 2


def test_a_batch_says_of_each_row_on_which_page_it_was() -> None:
    parts = [(page(n), tables_of([version(n), version(-n)])["version"]) for n in (1, 2)]
    again = (page(3), tables_of([version(1)])["version"])
    first, second = batches([*parts, again])
    assert first["evidence"].to_pylist() == ["page-1", "page-1", "page-2", "page-2"]
    assert first["observed_at"].to_pylist()[1:3] == [page(1).observed_at, page(2).observed_at]
    assert second["evidence"].to_pylist() == ["page-3"]


def _empty(working: Working) -> None:
    for name in ("version", "service", "gap", "stream", "seen"):
        working.connection.execute(f"delete from {name}")
    working.connection.execute("update state set log_end = 0")


def _all(working: Working) -> dict[str, Sequence[object]]:
    found: dict[str, Sequence[object]] = {
        name: rows(working, name) for name in ("version", "service", "gap")
    }
    for name in ("stream", "seen"):
        found[name] = working.connection.execute(
            f"select distinct * from {name} order by all"
        ).fetchall()
    return found
