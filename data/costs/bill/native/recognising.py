"""Which export a file is of: by its columns, and by records or path where those leave it open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import duckdb

from data.choice import require
from data.costs.bill.column import known
from data.costs.bill.form import Form
from data.costs.bill.native.mapping import Export, View, exports
from data.costs.bill.native.placing import fits, places
from data.costs.bill.native.reading import ExportReading
from data.costs.bill.refusal import BillRefused
from data.costs.bill.table import BillFile
from data.errors import WrongQuestion

FOCUS = "focus"
_MOST_PARTS = 5
"""Of a path: an export lies some folders deep, by day and run."""


class UnknownExport(WrongQuestion):
    """An export was named that is not there."""


def export_of(connection: duckdb.DuckDBPyConnection, file: BillFile, form: Form) -> Export | None:
    """The export that a file is of; None: it is to be read as FOCUS.

    Raises:
        BillRefused: if it cannot be told, or is not what was said of it.
        UnknownExport: if what was said is none.
    """
    if form.export is not None:
        require(UnknownExport, "export", form.export, [FOCUS, *exports()])
    is_focus = all(file.place(name) for name in known().essential)
    if form.export == FOCUS or (form.export is None and is_focus):
        return None
    fitting = [export for export in exports().values() if fits(export, file)]
    for export in fitting:
        _refuse_never(export, file)
    if form.export is not None:
        return _declared(connection, file, form, fitting)
    return _only(connection, file, form, fitting)


def hints(path: Path) -> Sequence[str]:
    """The words in a path by which exports with the same columns are told apart."""
    text = "/".join(path.parts[-_MOST_PARTS:]).casefold()
    return [word for word in _hints() if re.search(word, text)]


@cache
def _hints() -> Sequence[str]:
    return sorted({word for export in exports().values() for word in export.named})


def _refuse_never(export: Export, file: BillFile) -> None:
    there = {name.casefold() for name in file.names}
    for name, fix in export.never.items():
        if name.casefold() in there:
            what = f"is {export.title} with a column `{name}`, and cannot be counted so"
            raise BillRefused(what, str(file.path), fix)


def _declared(
    connection: duckdb.DuckDBPyConnection, file: BillFile, form: Form, fitting: Sequence[Export]
) -> Export:
    export = exports()[form.export or ""]
    if export not in fitting:
        lacking = [
            read.called[0]
            for name, read in export.reads.items()
            if read.is_needed and name not in places(export, file)
        ]
        what = f"is not {export.title}: it has no column {', '.join(lacking)}"
        raise BillRefused(what, str(file.path), "name the export that it is, or none")
    proven = _proven(connection, file, form, fitting)
    if proven and export not in proven:
        what = f"is {proven[0].title} by its rows, not {export.title}"
        raise BillRefused(what, str(file.path), f'say `export = "{proven[0].id}"`, or nothing')
    return export


def _only(
    connection: duckdb.DuckDBPyConnection, file: BillFile, form: Form, fitting: Sequence[Export]
) -> Export | None:
    if len(fitting) < 2:
        return next(iter(fitting), None)
    told = hints(file.path)
    named = [export for export in fitting if set(export.named) & set(told)]
    found = _proven(connection, file, form, fitting)[:1] or (named if len(named) == 1 else [])
    if not found:
        titles = " or ".join(export.title for export in fitting)
        said = " or ".join(f'`export = "{export.id}"`' for export in fitting)
        what = f"may be {titles}: none of its rows tells which"
        raise BillRefused(what, str(file.path), f"say {said}")
    return found[0]


def _proven(
    connection: duckdb.DuckDBPyConnection, file: BillFile, form: Form, fitting: Sequence[Export]
) -> list[Export]:
    """Those of which a record is that no other has. The proof of an amortised one goes before."""
    asked = sorted(
        (export for export in fitting if export.proof),
        key=lambda export: export.view is not View.EFFECTIVE,
    )
    found = []
    for export in asked:
        values = ExportReading(file, form, export).values
        ((is_so,),) = connection.execute(
            f"with {values} select coalesce(bool_or({export.proof}), false) from named"
        ).fetchall()
        if is_so:
            found.append(export)
    return found
