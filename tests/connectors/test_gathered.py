"""Pages wait to be merged together, but neither too many nor too long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors.gathered import MOST_ROWS, MOST_SECONDS, Gathered
from data.store.working import Told, Touched, Working, tables_of
from tests.data.store.rows import page, version


@pytest.fixture
def working(tmp_path: Path) -> Iterator[Working]:
    with closing(Working(tmp_path / "working.duckdb")) as opened:
        yield opened


def told(number: int, rows: int = 1) -> Told:
    first = number * MOST_ROWS
    records = [version(each) for each in range(first, first + rows)]
    return Told(page(number).event(), number, tables_of(records))


def test_pages_that_come_quickly_wait_until_somebody_asks(working: Working) -> None:
    gathered = Gathered(working, clock=lambda: 0.0)
    assert gathered.add(told(1)) == gathered.add(told(2)) == Touched()
    assert working.log_end == 0
    assert gathered.merge() == Touched(inserted=2)
    assert working.log_end == 2
    assert gathered.merge() == Touched()


def test_many_rows_do_not_wait(working: Working) -> None:
    gathered = Gathered(working, clock=lambda: 0.0)
    assert gathered.add(told(1)) == Touched()
    assert gathered.add(told(2, MOST_ROWS - 1)) == Touched(inserted=MOST_ROWS)


def test_a_page_that_comes_long_after_the_last_merge_does_not_wait(working: Working) -> None:
    times = iter([0.0, MOST_SECONDS - 1, MOST_SECONDS, MOST_SECONDS, MOST_SECONDS + 1])
    gathered = Gathered(working, clock=lambda: next(times))
    assert gathered.add(told(1)) == Touched()
    assert gathered.add(told(2)) == Touched(inserted=2)
    assert gathered.add(told(3)) == Touched()
