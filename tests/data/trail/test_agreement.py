"""The book of decisions is held against the log: what was altered, removed or added is found."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data.configuration import LedgerSettings
from data.decisions.baseline import set_baseline
from data.decisions.book import FILE, Book
from data.ledger.custody import prune
from data.ledger.ledger import Ledger
from data.store.workspace import Workspace
from data.trail.agreement import disagreements
from data.trail.deciding import log_decisions
from tests.app.cli.running import run

DAYS = (date(2026, 1, 1), date(2026, 2, 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three decisions, all of them in the log."""
    for metric in ("lead_time", "recovery_time", "deployment_frequency"):
        set_baseline(Book(tmp_path), metric, None, DAYS, ("m.alder", "we say so"))
    log_decisions(Workspace(tmp_path), LedgerSettings())
    (tmp_path / "cairn.toml").write_text("", encoding="utf-8")
    return tmp_path


def _tampered(folder: Path, *statements: str) -> None:
    """What somebody does who may write the file: triggers do not hold him."""
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        rows = connection.execute("select name from sqlite_master where type = 'trigger'")
        for (name,) in rows.fetchall():
            connection.execute(f"drop trigger {name}")
        for statement in statements:
            connection.execute(statement)


def _told(folder: Path) -> list[str]:
    found: Iterator = disagreements(Book(folder), Ledger(folder))
    return [one.what.split(" ", 2)[2] for one in found]


def test_a_book_that_nobody_touched_agrees(folder: Path) -> None:
    assert _told(folder) == []
    assert run(folder, "audit", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update decision set reason = 'they say so' where number = 2",
         "in the book is not the one that was logged"),
        ("update decision set actor = 't.birch' where number = 1",
         "in the book is not the one that was logged"),
        ("""update decision set value = '{"from": "2026-01-02", "to": "2026-02-01"}'
         where number = 3""", "in the book is not the one that was logged"),
        ("delete from decision where number = 3", "was logged and is missing from the book"),
        ("delete from decision where number = 1", "was logged and is missing from the book"),
        ("update decision set id = 'ffffffffffffffff' where number = 1",
         "is in the book and not in the log"),
    ],
)  # fmt: skip
def test_what_was_altered_is_named(folder: Path, statement: str, said: str) -> None:
    _tampered(folder, statement)
    assert said in _told(folder)
    done = run(folder, "audit", "verify")
    assert done.exit_code == 1
    assert said in done.stdout + done.stderr


def test_a_decision_that_was_slipped_in_is_named(folder: Path) -> None:
    set_baseline(Book(folder), "lead_time", "web", DAYS, ("m.alder", "later"))
    assert _told(folder) == ["is in the book and not in the log"]


def test_what_was_altered_is_not_mended_by_having_it_logged_anew(folder: Path) -> None:
    _tampered(folder, "update decision set reason = 'they say so' where number = 2")
    set_baseline(Book(folder), "lead_time", "web", DAYS, ("m.alder", "later"))
    log_decisions(Workspace(folder), LedgerSettings())
    assert _told(folder) == [
        "in the book is not the one that was logged",
        "was logged again in other words: the book was altered then",
    ]


def test_what_was_altered_for_a_while_stays_in_sight(folder: Path) -> None:
    _tampered(folder, "update decision set reason = 'they say so' where number = 2")
    set_baseline(Book(folder), "lead_time", "web", DAYS, ("m.alder", "later"))
    log_decisions(Workspace(folder), LedgerSettings())
    _tampered(folder, "update decision set reason = 'we say so' where number = 2")
    assert _told(folder) == ["was logged again in other words: the book was altered then"]


def test_decisions_that_changed_places_are_named(folder: Path) -> None:
    _tampered(
        folder,
        "update decision set number = 9 where number = 1",
        "update decision set number = 1 where number = 2",
        "update decision set number = 2 where number = 9",
    )
    assert _told(folder) == ["stands elsewhere in the book than it was logged"]


def test_a_pruned_decision_is_still_held_against_its_id(folder: Path) -> None:
    log = Ledger(
        folder,
        LedgerSettings(retention={"decision.*": 1}),
        clock=lambda: datetime.now(UTC) + timedelta(days=2),
    )
    assert prune(log, "auditor")[0] == 3
    assert _told(folder) == []
    _tampered(folder, "update decision set reason = 'they say so' where number = 2")
    assert _told(folder) == ["in the book is not the one that was logged"]


def test_a_book_whose_log_is_gone_is_told(folder: Path) -> None:
    shutil.rmtree(folder / "ledger")
    done = run(folder, "audit", "verify")
    assert done.exit_code == 1
    assert "the book holds 3 decisions, and the log none of them" in done.stdout
