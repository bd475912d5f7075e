"""The log of decisions: what counts when, two writers at once, and what is refused."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from data.decisions.baseline import baselines, set_baseline, withdraw_baseline
from data.decisions.book import FILE, Book
from data.decisions.decision import Act, Decision, Entry, NothingDecided
from data.decisions.file import WAIT_SECONDS, DecisionFile
from data.decisions.refusal import DecisionsRefused
from tests.data.decisions.disk import of_at_most, pages

FIRST = (date(2025, 1, 1), date(2025, 7, 1))
SECOND = (date(2025, 7, 1), date(2026, 1, 1))
BY = ("the board", "before the programme")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_reading_makes_no_file(tmp_path: Path) -> None:
    assert baselines(Book(tmp_path)).all == ()
    assert list(tmp_path.iterdir()) == []


def test_the_newest_decision_counts_and_the_older_stays(tmp_path: Path) -> None:
    book = Book(tmp_path)
    set_baseline(book, "lead_time", None, FIRST, BY, at("2026-01-05"))
    set_baseline(book, "lead_time", None, SECOND, BY, at("2026-02-05"))
    found = baselines(book).find("lead_time", None)
    assert found is not None
    assert (found.start, found.end) == SECOND
    assert len(book.decisions()) == 2


def test_what_counted_then_can_be_had_again(tmp_path: Path) -> None:
    book = Book(tmp_path)
    first = set_baseline(book, "lead_time", None, FIRST, BY, at("2026-01-05"))
    set_baseline(book, "lead_time", None, SECOND, BY, at("2026-02-05"))
    withdraw_baseline(book, "lead_time", None, BY, at("2026-03-05"))
    assert baselines(book).all == ()
    found = baselines(book, at("2026-01-31")).find("lead_time", None)
    assert found is not None
    assert found.id == first.id
    assert baselines(book, at("2026-01-04")).all == ()


def test_a_team_has_its_own_and_else_that_of_all(tmp_path: Path) -> None:
    book = Book(tmp_path)
    set_baseline(book, "lead_time", None, FIRST, BY)
    set_baseline(book, "lead_time", "web", SECOND, BY)
    decided = baselines(book)
    for team, days in (("web", SECOND), ("ops", FIRST), (None, FIRST)):
        found = decided.find("lead_time", team)
        assert found is not None
        assert (found.start, found.end) == days
    withdraw_baseline(book, "lead_time", "web", BY)
    own = baselines(book).find("lead_time", "web")
    assert own is not None
    assert own.team is None


def test_only_what_holds_can_be_withdrawn(tmp_path: Path) -> None:
    book = Book(tmp_path)
    set_baseline(book, "lead_time", None, FIRST, BY)
    with pytest.raises(NothingDecided, match="no baseline of `lead_time` for team `web`"):
        withdraw_baseline(book, "lead_time", "web", BY)


def test_a_decision_at_the_same_time_by_the_same_words_is_one(tmp_path: Path) -> None:
    book = Book(tmp_path)
    made = [set_baseline(book, "lead_time", None, FIRST, BY, at("2026-01-05")) for _ in range(2)]
    assert made[0].id == made[1].id
    assert len(book.decisions()) == 1


_REST = "kind, subject, team, act, value, 'me', reason, decided_at from decision"


@pytest.mark.parametrize(
    "change",
    [
        "update decision set actor = 'me'",
        "delete from decision",
        f"insert or replace into decision select number, 'ff', {_REST}",
        f"insert or replace into decision select 9, id, {_REST}",
    ],
)
def test_the_file_itself_refuses_a_change(tmp_path: Path, change: str) -> None:
    set_baseline(Book(tmp_path), "lead_time", None, FIRST, BY)
    with (
        closing(sqlite3.connect(tmp_path / FILE)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="a decision"),
    ):
        connection.execute(change)


def test_two_that_decide_at_once_both_stay(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import date; from pathlib import Path;"
        "from data.decisions.baseline import set_baseline;"
        "from data.decisions.book import Book;"
        "book = Book(Path(sys.argv[1]));"
        "[set_baseline(book, f'{sys.argv[2]}{n}', None, (date(2025, 1, 1), date(2025, 2, 1)),"
        " ('a', 'b')) for n in range(5)]"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in ("x", "y")
    ]
    assert [one.wait(60) for one in running] == [0, 0]
    assert len(Book(tmp_path).decisions()) == 10


def test_two_that_make_the_file_at_once_wait_for_each_other(tmp_path: Path) -> None:
    both = get_context("spawn")
    together = both.Barrier(2)
    running = [both.Process(target=_make_many, args=(tmp_path, together)) for _ in range(2)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    assert [one.exitcode for one in running] == [0, 0]


def _make_many(folder: Path, together: Barrier) -> None:
    for n in range(100):
        together.wait(120)
        with DecisionFile(folder / f"{n}.db", WAIT_SECONDS).writing():
            pass


def test_a_file_that_another_holds_is_told_in_one_line(tmp_path: Path) -> None:
    book = Book(tmp_path, wait_seconds=0.05)
    set_baseline(book, "lead_time", None, FIRST, BY)
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(DecisionsRefused, match="another process is writing to it"):
            set_baseline(book, "lead_time", None, SECOND, BY)
        assert len(book.decisions()) == 1


def test_what_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no database, and longer than its head would have to be" * 9)
    with pytest.raises(DecisionsRefused, match="it is no database of decisions"):
        baselines(Book(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_told_in_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(DecisionsRefused, match="cannot be opened"):
            set_baseline(Book(tmp_path), "lead_time", None, FIRST, BY)
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    book = Book(tmp_path)
    set_baseline(book, "lead_time", None, FIRST, BY)
    long = ("the board", "why " * 10_000)
    with of_at_most(pages(tmp_path)), pytest.raises(DecisionsRefused, match="the disk is full"):
        set_baseline(book, "lead_time", None, SECOND, long)
    assert len(book.decisions()) == 1


def entry(what: str) -> Entry:
    return Entry("test", Act.SET, what, {}, *BY)


def only_one(told: Sequence[Decision], _: datetime) -> None:
    if told:
        raise NothingDecided("there is one already", "", "leave it")


def test_what_is_refused_leaves_neither_a_row_nor_a_file(tmp_path: Path) -> None:
    def never(_: Sequence[Decision], __: datetime) -> None:
        raise NothingDecided("never", "", "leave it")

    with pytest.raises(NothingDecided):
        Book(tmp_path).add(entry("a"), None, never)
    assert list(tmp_path.iterdir()) == []
    Book(tmp_path).add(entry("a"))
    with pytest.raises(NothingDecided):
        Book(tmp_path).add_all([entry("b"), entry("c")], None, never)
    assert [one.subject for one in Book(tmp_path).decisions()] == ["a"]


def test_the_same_told_again_is_not_refused(tmp_path: Path) -> None:
    made = [Book(tmp_path).add(entry("a"), at("2026-01-05"), only_one) for _ in range(2)]
    assert made[0] == made[1]
    with pytest.raises(NothingDecided, match="one already"):
        Book(tmp_path).add(entry("a"), at("2026-01-06"), only_one)


def test_a_refusal_is_given_what_is_of_its_kind_and_the_time(tmp_path: Path) -> None:
    book = Book(tmp_path)
    set_baseline(book, "lead_time", None, FIRST, BY)
    book.add(entry("a"), at("2026-01-05"), only_one)
    given: list[tuple[int, datetime]] = []
    book.add(entry("b"), at("2026-01-06"), lambda told, then: given.append((len(told), then)))
    assert given == [(1, at("2026-01-06"))]


def test_nobody_else_writes_while_it_is_asked_whether_one_more_may_be(tmp_path: Path) -> None:
    Book(tmp_path).add(entry("a"))
    told: list[str] = []

    def refuse(_: Sequence[Decision], __: datetime) -> None:
        with pytest.raises(DecisionsRefused, match="another process is writing to it"):
            Book(tmp_path, wait_seconds=0.05).add(entry("c"))
        told.append("asked")

    Book(tmp_path).add(entry("b"), None, refuse)
    assert told == ["asked"]
    assert [one.subject for one in Book(tmp_path).decisions()] == ["a", "b"]


def test_many_decisions_are_one_writing_and_keep_their_order(tmp_path: Path) -> None:
    wanted = [f"{number}" for number in range(1_500)]
    made = Book(tmp_path).add_all([entry(one) for one in [*wanted, "7"]], at("2026-01-05"))
    assert made[7] == made[-1]
    assert [one.subject for one in Book(tmp_path).decisions()] == wanted


def test_where_nothing_may_be_written_decisions_are_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a #1 %20 ü"
    set_baseline(Book(folder), "lead_time", None, FIRST, BY)
    before = sorted(folder.iterdir())
    monkeypatch.setattr("data.decisions.file.os.access", lambda *_: False)
    assert len(Book(folder).decisions()) == 1
    assert sorted(folder.iterdir()) == before
