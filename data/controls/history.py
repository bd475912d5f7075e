"""What controls came to, evaluation by evaluation: what we believed then, which never changes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.controls.outcome import Outcome, Result
from data.controls.standing import standing
from data.controls.state import State
from data.errors import CairnError

FILE = "results.db"
_SCHEMA = Path(__file__).with_suffix(".sql")
_WAIT_SECONDS = 30.0
_TROUBLED = frozenset({State.FAIL, State.ERROR, State.UNKNOWN})
"""States of rows that are kept one by one: of the others only how many there were."""


class HistoryRefused(CairnError):
    """The history of controls could not be read or written."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One evaluation of a control."""

    number: int
    control: str
    version: int
    sha256: str
    parameters: Mapping[str, Any]
    snapshot: str
    as_of: datetime
    evaluated_at: datetime
    first_day: str
    end_day: str
    """The day after the last."""
    found: State
    standing: State
    counts: Mapping[str, int]
    error: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A row that came into trouble, got out of it, or left the period."""

    row: str
    title: str
    team: str | None
    url: str | None
    was: State | None
    became: State | None
    """None: it is in the population no more."""
    detail: str | None


@dataclass(frozen=True, slots=True)
class Flip:
    """A control that stands at another state than before, and what changed meanwhile."""

    evaluated: Evaluated
    stood: State
    turned: tuple[Turn, ...]
    """The rows that turned since the last evaluation that found what it stood at."""
    is_redefined: bool
    """Whether its definition or its parameters changed."""


class History:
    """The evaluations of one data folder. Reading never makes the file."""

    def __init__(self, folder: Path) -> None:
        """Names the data folder."""
        self._path = folder / FILE

    def record(self, outcomes: Iterable[Outcome], at: datetime) -> list[Flip]:
        """Notes evaluations of one snapshot; those that are noted already are passed over.

        Returns:
            The controls that stand at another state now.

        Raises:
            HistoryRefused: if the disk says no; then nothing is noted.
        """
        with self._open(is_writing=True) as connection:
            found = [self._note(connection, one, at) for one in outcomes]
        return [flip for flip in found if flip is not None]

    def evaluations(self, control: str | None = None) -> list[Evaluated]:
        """The evaluations of a control, or of all, oldest first."""
        if not self._path.exists():
            return []
        with self._open() as connection:
            return list(_evaluated(connection, control))

    def last(self) -> dict[str, Evaluated]:
        """The newest evaluation of each control."""
        return {one.control: one for one in self.evaluations()}

    def turns(self, control: str, evaluation: int | None = None) -> list[tuple[int, Turn]]:
        """What became of single rows, with the number of the evaluation, oldest first."""
        if not self._path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute(
                "select * from turn where control = ? and evaluation = coalesce(?, evaluation) "
                "order by evaluation, row",
                [control, evaluation],
            ).fetchall()
        return [(row["evaluation"], _turn(row)) for row in rows]

    def _note(self, connection: sqlite3.Connection, one: Outcome, at: datetime) -> Flip | None:
        before = list(_evaluated(connection, one.control.id))
        if any(each.snapshot == one.snapshot for each in before):
            return None
        last = before[-1] if before else None
        stands = _stands(last, one)
        number = _insert(connection, one, stands, at)
        _note_turns(connection, number, one)
        if last is None or stands is last.standing:
            return None
        return _flip(connection, before, one.control.id)

    @contextmanager
    def _open(self, *, is_writing: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=_WAIT_SECONDS)) as connection:
                connection.row_factory = sqlite3.Row
                connection.execute("pragma synchronous = full")
                if is_writing:
                    connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
                    connection.execute("begin immediate")
                with connection:
                    yield connection
        except sqlite3.Error as error:
            fix = "mend that; nothing was noted" if is_writing else "bring it back from a copy"
            raise HistoryRefused(f"it refused ({error})", str(self._path), fix) from error


def _stands(last: Evaluated | None, one: Outcome) -> State:
    """What a control stands at: what is found again in the same evidence is not found twice."""
    if last is None:
        return one.state
    read = (one.as_of, one.window.start.isoformat(), one.window.end.isoformat())
    is_same = read == (last.as_of, last.first_day, last.end_day)
    return standing(last.standing, last.standing if is_same else last.found, one.state)


def _insert(connection: sqlite3.Connection, one: Outcome, stands: State, at: datetime) -> int:
    counts = {state.value: one.counts.of(state) for state in State} | {"waived": one.counts.waived}
    values = [
        one.control.id,
        one.control.version,
        one.control.sha256,
        json.dumps(dict(one.parameters), sort_keys=True, default=list),
        one.snapshot,
        _text(one.as_of),
        _text(at),
        one.window.start.isoformat(),
        one.window.end.isoformat(),
        one.state.value,
        stands.value,
        json.dumps(counts, sort_keys=True),
        one.error,
    ]
    marks = ", ".join("?" for _ in values)
    cursor = connection.execute(f"insert into evaluation values (null, {marks})", values)
    return int(cursor.lastrowid or 0)


def _note_turns(connection: sqlite3.Connection, number: int, one: Outcome) -> None:
    """Notes each row whose trouble began, ended or is another one."""
    if one.error is not None:
        return
    known = _troubled(connection, one.control.id)
    stood = {row: turn.became for row, turn in known.items()}
    now = {result.id: result for result in one.results}
    turned = [
        (result, stood.get(row))
        for row, result in now.items()
        if result.state != stood.get(row) and (result.state in _TROUBLED or row in stood)
    ]
    control = one.control.id
    rows = [(number, control, *_cells(result, was)) for result, was in turned]
    left = [(number, control, row, last.title, last.team, last.url, last.became, None, None)
            for row, last in known.items() if row not in now]  # fmt: skip
    connection.executemany("insert into turn values (?, ?, ?, ?, ?, ?, ?, ?, ?)", [*rows, *left])


def _cells(result: Result, was: State | None) -> tuple[Any, ...]:
    before = was.value if was else None
    told = (result.id, result.title, result.team, result.url)
    return (*told, before, result.state.value, result.detail)


def _troubled(connection: sqlite3.Connection, control: str) -> dict[str, Turn]:
    """The rows that were in trouble at the last evaluation, and how they came into it."""
    rows = connection.execute(
        """
        -- One row is the newest turn of a row that is in trouble.
        select *
        from (
            select
                *,
                row_number() over (partition by row order by evaluation desc) as newest_first
            from turn
            where control = ?
        )
        where newest_first = 1
          and became in ('fail', 'error', 'unknown')
        """,
        [control],
    ).fetchall()
    return {row["row"]: _turn(row) for row in rows}


def _flip(connection: sqlite3.Connection, before: list[Evaluated], control: str) -> Flip:
    *_, now = _evaluated(connection, control)
    last = before[-1]
    agreed = max((e.number for e in before if e.found is e.standing), default=0)
    rows = connection.execute(
        "select * from turn where control = ? and evaluation > ? order by evaluation, row",
        [control, agreed],
    ).fetchall()
    was_defined = next((e for e in before if e.number == agreed), last)
    is_redefined = (was_defined.sha256, was_defined.parameters) != (now.sha256, now.parameters)
    return Flip(now, last.standing, tuple(_turn(row) for row in rows), is_redefined)


def _evaluated(connection: sqlite3.Connection, control: str | None) -> Iterator[Evaluated]:
    rows = connection.execute(
        "select * from evaluation where control = coalesce(?, control) order by number", [control]
    ).fetchall()
    for row in rows:
        told = dict(row)
        for name in ("parameters", "counts"):
            told[name] = json.loads(told[name])
        for name in ("as_of", "evaluated_at"):
            told[name] = datetime.fromisoformat(told[name])
        for name in ("found", "standing"):
            told[name] = State(told[name])
        yield Evaluated(**told)


def _turn(row: sqlite3.Row) -> Turn:
    was, became = (State(row[name]) if row[name] else None for name in ("was", "became"))
    return Turn(row["row"], row["title"], row["team"], row["url"], was, became, row["detail"])


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
