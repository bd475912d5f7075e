"""Months that finance of the invented organisation has closed, and bills that came afterwards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

from connectors.demo.costs.bill_files import late_files, write_bills
from data.configuration import load
from data.costs.statement.closing import close
from data.costs.statement.making import months
from data.decisions.book import Book
from data.decisions.cost_period import closings
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace

_BY = "finance circle", "as it was invoiced; from now on each month is closed here"
_OPEN = 2
"""The newest months, whose invoices are not all in."""


def close_months(workspace: Workspace, read: Callable[[], object], until: datetime) -> None:
    """Closes all months but the last two on the bills there are; then the late ones are delivered.

    What is done already is left: the late bills come last.

    Args:
        workspace: of the demo, its bills written.
        read: reads and publishes them.
        until: when the story ends: months are closed in the minutes after nine of that day.
    """
    late = list(late_files(until.date()))
    if all((workspace.folder / one.name).exists() for one in late):
        return
    read()
    organisation = load(workspace.configuration).organisation.name
    closed = closings(Book(workspace.folder))
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as snapshot:
        for number, month in enumerate(months(snapshot)[:-_OPEN]):
            if closed.find(month) is None:
                at = until.astimezone(UTC) + timedelta(hours=9, minutes=number)
                close(workspace, snapshot, organisation, month, _BY, at)
    write_bills(workspace.folder, late)
