"""What is wrong with the SQL of a control, and on which line of its file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from data.controls.catalogue import Catalogue
from data.controls.compose import composed
from data.controls.definition import Control
from data.controls.engine import Asked, statement_of
from data.controls.file import DefinitionFile, FileRefused
from data.controls.given import NOTHING_GIVEN
from data.period import Window
from data.store.snapshot import Snapshot
from data.store.statement import StatementRefused

_NAMED = re.compile(r'"([^"]+)"')


def faults(snapshot: Snapshot, known: Catalogue, window: Window) -> Iterator[FileRefused]:
    """Tries each control on a snapshot, and yields what the database says against it."""
    for name, control in known.controls.items():
        asked = Asked(window)
        statement = statement_of(snapshot, control, asked, _defaults(control))
        try:
            snapshot.attempt(statement.sql, statement.parameters, NOTHING_GIVEN.tables())
        except StatementRefused as error:
            yield _placed(control, known.files[name], error)


def _defaults(control: Control) -> Mapping[str, object]:
    return {name: each.value for name, each in control.parameters.items()}


def _placed(control: Control, file: DefinitionFile, error: StatementRefused) -> FileRefused:
    """The error at the line of the file that the statement's line was taken from."""
    made = composed(control, has_team=False)
    fix = f"correct it; `cairn check {control.id}` tries it again"
    if error.line is not None:
        if made.test_line and error.line >= made.test_line:
            return file.refused(error.what, fix, "test", row=error.line - made.test_line + 1)
        if error.line >= made.population_line:
            row = error.line - made.population_line + 1
            if row <= len(control.population.strip("\n").splitlines()):
                return file.refused(error.what, fix, "population", row=row)
    return _searched(control, file, error, fix)


def _searched(
    control: Control, file: DefinitionFile, error: StatementRefused, fix: str
) -> FileRefused:
    """Where a name stands that the error is about: in a condition that leaves rows out, or else."""
    names = _NAMED.findall(error.what)
    for index, exclusion in enumerate(control.excluded):
        if any(name in exclusion.when for name in names):
            return file.refused(error.what, fix, "excluded", index, "when")
    key = "test" if control.test and any(name in control.test for name in names) else "population"
    return file.refused(error.what, fix, key)
