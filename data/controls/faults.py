"""What is wrong with the SQL of a control, and on which line of its file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from data.configuration.place import Step
from data.controls.catalogue import Catalogue
from data.controls.compose import composed, parts
from data.controls.definition import Control
from data.controls.engine import Asked, statement_of
from data.controls.file import FileRefused
from data.controls.given import NOTHING_GIVEN
from data.controls.outcome import Outcome, Statement
from data.controls.shape import misshapen
from data.controls.state import State
from data.period import Window
from data.store.snapshot import Snapshot
from data.store.statement import StatementRefused, TookTooLong

_NAMED = re.compile(r'"([^"]+)"')
_NOT_GIVEN = re.compile(r"following parameters: (\w+)")
_LACKED = re.compile(r'"\w+" does not have a column named "(\w+)"')


def faults(snapshot: Snapshot, known: Catalogue, window: Window) -> Iterator[FileRefused]:
    """Tries each control on a snapshot, and yields what is wrong with what it says there."""
    for name, control in known.controls.items():
        file, fix = known.files[name], f"correct it; `cairn check {name}` tries it again"
        asked = Asked(window)
        statement = statement_of(snapshot, control, asked, _defaults(control))
        try:
            found = snapshot.attempt(statement.sql, statement.parameters, NOTHING_GIVEN.tables())
        except StatementRefused as error:
            what, steps, row = _placed(control, error) or _searched(
                snapshot, control, statement, error
            )
            yield file.refused(what, fix, *steps, row=row)
            continue
        if (wrong := misshapen(control, found)) is not None:
            yield file.refused(wrong.what, fix, *wrong.steps)


def unanswered(outcomes: Iterable[Outcome], known: Catalogue) -> Iterator[FileRefused]:
    """What the tests of controls say of members that is no answer, the first of each control."""
    for one in outcomes:
        wrong = [result for result in one.results if result.state is State.ERROR]
        if wrong:
            name = one.control.id
            of = f"`{wrong[0].id}`" + (f" and {len(wrong) - 1:,} more" if wrong[1:] else "")
            fix = f"say one state of each member; `cairn check {name}` tries it again"
            yield known.files[name].refused(f"{wrong[0].detail}: {of}", fix, "test")


def _defaults(control: Control) -> Mapping[str, object]:
    return {name: each.value for name, each in control.parameters.items()}


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
