"""What follows a snapshot: the log and the book of decisions are checked once a day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from data.configuration import Configuration
from data.controls.ledger_checks import ledger_checks
from data.decisions.baseline import set_baseline
from data.decisions.book import FILE, Book
from data.trail import turn
from data.trail.turn import Followed, follow
from tests.data.published import change
from tests.data.trail.test_keeping import House

DAYS = (date(2026, 1, 1), date(2026, 2, 1))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(turn, "_evaluated", lambda *_: [])
    with closing(House(tmp_path)) as made:
        set_baseline(Book(tmp_path), "lead_time", None, DAYS, ("m.alder", "we say so"))
        made.tell("2026-05-02", change(1, "2026-05-01"))
        yield made


def followed(house: House, snapshot: str) -> Followed:
    connection = house.working.connection
    return follow(house.workspace, Configuration(), connection, snapshot, lambda *_: None)


def checks(house: House) -> list[tuple[bool, str | None]]:
    return [(one["is_sound"], one["what"]) for one in ledger_checks(house.ledger)]


def test_a_decision_that_was_just_taken_is_no_sign_of_an_attack(house: House) -> None:
    set_baseline(Book(house.workspace.folder), "lead_time", "web", DAYS, ("m.alder", "more"))
    for _ in range(2):
        assert followed(house, house.snapshot()).troubles == ()
    assert checks(house) == [(True, None)]


def test_a_book_that_was_altered_is_noted_in_the_log(house: House) -> None:
    with closing(sqlite3.connect(house.workspace.folder / FILE)) as connection, connection:
        connection.execute("drop trigger decision_is_never_changed")
        connection.execute("update decision set reason = 'they say so'")
    followed(house, house.snapshot())
    ((is_sound, what),) = checks(house)
    assert not is_sound
    assert "in the book is not the one that was logged" in str(what)
