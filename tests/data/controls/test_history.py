"""The history of controls: when one began to fail, for which rows, and what had changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.controls.history import FILE, Flip, History, HistoryRefused
from data.controls.outcome import Outcome
from data.controls.state import State
from tests.data.controls.made import control, outcome, result

P, F, U = State.PASS, State.FAIL, State.UNKNOWN
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def _flips(history: History, *outcomes: Outcome) -> list[list[Flip]]:
    """Notes one evaluation a day, of what was read on that day."""
    days = [NOON + timedelta(days=day) for day in range(len(outcomes))]
    return [
        history.record([replace(one, as_of=day)], day)
        for one, day in zip(outcomes, days, strict=True)
    ]


def _record(history: History, *outcomes: Outcome) -> list[str]:
    """Notes one evaluation a day; tells the flips as `from → to`."""
    return [
        f"day {day}: {flip.stood} → {flip.evaluated.standing}"
        for day, flips in enumerate(_flips(history, *outcomes))
        for flip in flips
    ]


def test_nothing_was_ever_evaluated_and_no_file_is_made(tmp_path: Path) -> None:
    history = History(tmp_path)
    assert (history.evaluations(), history.last(), history.turns("XX-01")) == ([], {}, [])
    assert list(tmp_path.iterdir()) == []


def test_a_fall_is_an_event_when_it_is_found_twice_and_a_rise_at_once(tmp_path: Path) -> None:
    days = [outcome(f"s{n}", result("c1", state)) for n, state in enumerate([P, F, F, P])]
    assert _record(History(tmp_path), *days) == ["day 2: pass → fail", "day 3: fail → pass"]


def test_a_failure_seen_once_is_kept_and_is_no_event(tmp_path: Path) -> None:
    history = History(tmp_path)
    days = [outcome(f"s{n}", result("c1", state)) for n, state in enumerate([P, F, P])]
    assert _record(history, *days) == []
    assert [(e.found, e.standing) for e in history.evaluations("XX-01")] == [(P, P), (F, P), (P, P)]


def test_the_same_snapshot_evaluated_again_is_no_second_time(tmp_path: Path) -> None:
    history = History(tmp_path)
    good, bad = outcome("s0", result("c1", P)), outcome("s1", result("c1", F))
    assert _record(history, good, bad, bad, bad) == []
    assert len(history.evaluations()) == 2


def test_what_is_found_again_in_the_same_evidence_is_no_second_time(tmp_path: Path) -> None:
    history = History(tmp_path)
    good, bad, rebuilt = (
        outcome(name, result("c1", state)) for name, state in (("s0", P), ("s1", F), ("s1b", F))
    )
    assert _record(history, good, bad) == []
    read = NOON + timedelta(days=1)
    assert history.record([replace(rebuilt, as_of=read)], NOON) == []
    later = replace(outcome("s2", result("c1", F)), as_of=read + timedelta(hours=1))
    (flip,) = history.record([later], NOON)
    assert (flip.stood, flip.evaluated.standing) == (P, F)
    assert [row.row for row in flip.turned] == ["c1"]


def test_a_flip_names_the_rows_that_turned(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.record([outcome("s0", result("c1", P), result("c2", F), result("c3", U))], NOON)
    days = (
        outcome("s1", result("c1", P), result("c2", P), result("c3", P)),
        outcome("s2", result("c1", F), result("c2", P)),
        outcome("s3", result("c1", F), result("c2", P), result("c4", F)),
    )
    (up,), _, (down,) = _flips(history, *days)
    assert (up.stood, up.evaluated.standing, up.is_redefined) == (F, P, False)
    assert {(t.row, t.was, t.became) for t in up.turned} == {("c2", F, P), ("c3", U, P)}
    assert {(t.row, t.was, t.became) for t in down.turned} == {("c1", None, F), ("c4", None, F)}
    assert {t.detail for t in down.turned} == {"it is fail"}


def test_a_row_that_leaves_the_period_is_told_and_is_no_pass(tmp_path: Path) -> None:
    history = History(tmp_path)
    _record(history, outcome("s0", result("c1", F)), outcome("s1"))
    (_, began), (_, left) = history.turns("XX-01")
    assert (began.was, began.became) == (None, F)
    assert (left.row, left.was, left.became) == ("c1", F, None)
    told = (left.title, left.team, left.url)
    assert told == (began.title, began.team, began.url), "by its title: an id may name a person"


def test_a_flip_after_another_definition_says_so(tmp_path: Path) -> None:
    history = History(tmp_path)
    again = control(version=2, sha256="2")
    days = [
        outcome("s0", result("c1", P)),
        outcome("s1", result("c1", F), control=again),
        outcome("s2", result("c1", F), control=again),
    ]
    flips = [flip for flips in _flips(history, *days) for flip in flips]
    assert [(flip.is_redefined, flip.evaluated.version) for flip in flips] == [(True, 2)]


def test_a_control_that_cannot_be_evaluated_keeps_what_is_known_of_its_rows(tmp_path: Path) -> None:
    history = History(tmp_path)
    broken = outcome("s1", error="no such column")
    _record(history, outcome("s0", result("c1", F)), broken, outcome("s2", result("c1", F)))
    assert [turn.became for _, turn in history.turns("XX-01")] == [F]
    assert [e.error for e in history.evaluations()] == [None, "no such column", None]


def test_nobody_changes_or_deletes_what_was_found(tmp_path: Path) -> None:
    History(tmp_path).record([outcome("s0", result("c1", F))], NOON)
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        for statement in (
            "update evaluation set found = 'pass'",
            "delete from evaluation",
            "update turn set became = 'pass'",
            "delete from turn",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                connection.execute(statement)


def test_a_file_that_is_no_history_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    with pytest.raises(HistoryRefused, match=r"results\.db: it refused"):
        History(tmp_path).record([outcome("s0", result("c1", F))], NOON)
    assert (tmp_path / FILE).read_bytes() == b"no database" * 100
