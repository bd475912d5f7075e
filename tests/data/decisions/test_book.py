"""The log of decisions: what counts when, two writers at once, and what is refused."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from data.decisions.book import FILE, Book, NothingDecided
from data.decisions.refusal import DecisionsRefused

FIRST = (date(2025, 1, 1), date(2025, 7, 1))
SECOND = (date(2025, 7, 1), date(2026, 1, 1))
BY = ("the board", "before the programme")


@contextmanager
def _of_at_most(pages: int) -> Iterator[None]:
    """Lets no database of this process grow beyond so many pages: as on a full disk."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute(f"pragma max_page_count = {pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_reading_makes_no_file(tmp_path: Path) -> None:
    assert Book(tmp_path).baselines().all == ()
    assert list(tmp_path.iterdir()) == []


def test_the_newest_decision_counts_and_the_older_stays(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.set_baseline("lead_time", None, FIRST, BY, at("2026-01-05"))
    book.set_baseline("lead_time", None, SECOND, BY, at("2026-02-05"))
    found = book.baselines().find("lead_time", None)
    assert found is not None
    assert (found.start, found.end) == SECOND
    assert len(book.decisions()) == 2


def test_what_counted_then_can_be_had_again(tmp_path: Path) -> None:
    book = Book(tmp_path)
    first = book.set_baseline("lead_time", None, FIRST, BY, at("2026-01-05"))
    book.set_baseline("lead_time", None, SECOND, BY, at("2026-02-05"))
    book.withdraw_baseline("lead_time", None, BY, at("2026-03-05"))
    assert book.baselines().all == ()
    found = book.baselines(at("2026-01-31")).find("lead_time", None)
    assert found is not None
    assert found.id == first.id
    assert book.baselines(at("2026-01-04")).all == ()


def test_a_team_has_its_own_and_else_that_of_all(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.set_baseline("lead_time", None, FIRST, BY)
    book.set_baseline("lead_time", "web", SECOND, BY)
    decided = book.baselines()
    for team, days in (("web", SECOND), ("ops", FIRST), (None, FIRST)):
        found = decided.find("lead_time", team)
        assert found is not None
        assert (found.start, found.end) == days
    book.withdraw_baseline("lead_time", "web", BY)
    own = book.baselines().find("lead_time", "web")
    assert own is not None
    assert own.team is None


def test_only_what_holds_can_be_withdrawn(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.set_baseline("lead_time", None, FIRST, BY)
    with pytest.raises(NothingDecided, match="no baseline of `lead_time` for team `web`"):
        book.withdraw_baseline("lead_time", "web", BY)


def test_a_decision_at_the_same_time_by_the_same_words_is_one(tmp_path: Path) -> None:
    book = Book(tmp_path)
    made = [book.set_baseline("lead_time", None, FIRST, BY, at("2026-01-05")) for _ in range(2)]
    assert made[0].id == made[1].id
    assert len(book.decisions()) == 1


@pytest.mark.parametrize("change", ["update decision set actor = 'me'", "delete from decision"])
def test_the_file_itself_refuses_a_change(tmp_path: Path, change: str) -> None:
    Book(tmp_path).set_baseline("lead_time", None, FIRST, BY)
    with (
        closing(sqlite3.connect(tmp_path / FILE)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="never"),
    ):
        connection.execute(change)


def test_two_that_decide_at_once_both_stay(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import date; from pathlib import Path;"
        "from data.decisions.book import Book;"
        "book = Book(Path(sys.argv[1]));"
        "[book.set_baseline(f'{sys.argv[2]}{n}', None, (date(2025, 1, 1), date(2025, 2, 1)),"
        " ('a', 'b')) for n in range(5)]"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in ("x", "y")
    ]
    assert [one.wait(60) for one in running] == [0, 0]
    assert len(Book(tmp_path).decisions()) == 10


def test_a_file_that_another_holds_is_told_in_one_line(tmp_path: Path) -> None:
    book = Book(tmp_path, wait_seconds=0.05)
    book.set_baseline("lead_time", None, FIRST, BY)
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(DecisionsRefused, match="another process is writing to it"):
            book.set_baseline("lead_time", None, SECOND, BY)
        assert len(book.decisions()) == 1


def test_what_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no database, and longer than its head would have to be" * 9)
    with pytest.raises(DecisionsRefused, match="it is no database of decisions"):
        Book(tmp_path).baselines()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_told_in_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(DecisionsRefused, match="cannot be opened"):
            Book(tmp_path).set_baseline("lead_time", None, FIRST, BY)
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.set_baseline("lead_time", None, FIRST, BY)
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        pages = connection.execute("pragma page_count").fetchone()[0]
    long = ("the board", "why " * 10_000)
    with _of_at_most(pages), pytest.raises(DecisionsRefused, match="the disk is full"):
        book.set_baseline("lead_time", None, SECOND, long)
    assert len(book.decisions()) == 1
