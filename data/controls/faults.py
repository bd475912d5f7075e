"""What is wrong with the SQL of a control, and on which line of its file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.configuration import ConfigurationError, place_of
from data.configuration.place import Step
from data.controls.catalogue import Catalogue
from data.controls.compose import composed, parts
from data.controls.definition import Control
from data.controls.engine import Asked, statement_of
from data.controls.file import DefinitionFile, FileRefused
from data.controls.given import NOTHING_GIVEN
from data.controls.outcome import Outcome, Statement
from data.controls.parameters import Parameters
from data.controls.shape import misshapen
from data.controls.state import State
from data.errors import WrongQuestion
from data.period import Window
from data.store.snapshot import Snapshot
from data.store.statement import StatementRefused, TookTooLong

_NAMED = re.compile(r'"([^"]+)"')
_NOT_GIVEN = re.compile(r"following parameters: (\w+)")


@dataclass(frozen=True, slots=True)
class Own:
    """Parameters that an organisation sets otherwise, by control, and the file that says so."""

    parameters: Parameters
    path: Path


_LACKED = re.compile(r'"\w+" does not have a column named "(\w+)"')


def faults(
    snapshot: Snapshot, known: Catalogue, window: Window, own: Own | None = None
) -> Iterator[WrongQuestion]:
    """Tries each control on a snapshot, and yields what is wrong with what it says there.

    Args:
        snapshot: the published data.
        known: the controls, and their files.
        window: the days.
        own: what the organisation sets otherwise; None: nothing.
    """
    for name, control in known.controls.items():
        fault = _fault(snapshot, control, known.files[name], window, {})
        set_otherwise = own.parameters.get(name, {}) if own is not None else {}
        if fault is None and own is not None and set_otherwise:
            fault = _fault(snapshot, control, known.files[name], window, set_otherwise)
            if fault is not None:
                where = place_of(own.path, ("control", name))
                yield ConfigurationError(fault.what, where, f"mend a value of `{name}` there")
                continue
        if fault is not None:
            yield fault


def _fault(
    snapshot: Snapshot,
    control: Control,
    file: DefinitionFile,
    window: Window,
    own: Mapping[str, object],
) -> FileRefused | None:
    fix = f"correct it; `cairn check {control.id}` tries it again"
    values = {**{name: each.value for name, each in control.parameters.items()}, **own}
    statement = statement_of(snapshot, control, Asked(window), values)
    try:
        found = snapshot.attempt(statement.sql, statement.parameters, NOTHING_GIVEN.tables())
    except StatementRefused as error:
        place = _placed(control, error) or _searched(snapshot, control, statement, error)
        return file.refused(place[0], fix, *place[1], row=place[2])
    if (wrong := misshapen(control, found)) is not None:
        return file.refused(wrong.what, fix, *wrong.steps)
    return None


def unanswered(outcomes: Iterable[Outcome], known: Catalogue) -> Iterator[FileRefused]:
    """What the tests of controls say of members that is no answer, the first of each control."""
    for one in outcomes:
        wrong = [result for result in one.results if result.state is State.ERROR]
        if wrong:
            name = one.control.id
            of = f"`{wrong[0].id}`" + (f" and {len(wrong) - 1:,} more" if wrong[1:] else "")
            fix = f"say one state of each member; `cairn check {name}` tries it again"
            yield known.files[name].refused(f"{wrong[0].detail}: {of}", fix, "test")


_Place = tuple[str, Sequence[Step], int]
"""What is said, the key it is about, and in which of its rows."""


def _placed(control: Control, error: StatementRefused) -> _Place | None:
    """The row that the statement's line was taken from; None: the line is none of the control's."""
    made = composed(control, has_team=False)
    for key, first, text in (
        ("test", made.test_line, control.test or ""),
        ("population", made.population_line, control.population),
    ):
        row = (error.line or 0) - first + 1
        if first and 1 <= row <= len(text.strip("\n").splitlines()):
            return error.what, (key,), row
    if found := _LACKED.search(error.what):
        return f"its population says no `{found[1]}`", ("population",), 1
    return None


def _searched(
    snapshot: Snapshot, control: Control, statement: Statement, error: StatementRefused
) -> _Place:
    """Where what the error is about stands: by the names in it, or else by trying part by part."""
    names = _NAMED.findall(error.what)
    for index, exclusion in enumerate(control.excluded):
        if any(name in exclusion.when for name in names):
            return error.what, ("excluded", index, "when"), 1
    if any(name in (control.person or "") for name in names):
        return error.what, ("person",), 1
    names += [f"${name}" for name in _NOT_GIVEN.findall(error.what)]
    for key, text in (("test", control.test or ""), ("population", control.population)):
        for row, line in enumerate(text.strip("\n").splitlines(), start=1):
            if any(name in line for name in names):
                return error.what, (key,), row
    return error.what, (_failing(snapshot, control, statement, error),), 1


def _failing(
    snapshot: Snapshot, control: Control, statement: Statement, error: StatementRefused
) -> str:
    """The first part that fails by itself; of a control that does not end, the population."""
    if isinstance(error, TookTooLong):
        return "population"
    for key, sql in parts(control).items():
        named = {name: v for name, v in statement.parameters.items() if f"${name}" in sql}
        try:
            snapshot.attempt(sql, named, NOTHING_GIVEN.tables())
        except StatementRefused:
            return key
    return "test"
