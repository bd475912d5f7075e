"""A statement as a workbook: why the sum is right comes first."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.pack.workbook import Sheet, workbook
from app.reports.statement import tables
from app.reports.statement.shown import Shown


def as_workbook(shown: Shown) -> bytes:
    """The workbook: the same content, the same bytes. Amounts in cents are numbers to add up."""
    first: Sheet = ("Why the sum is right", tables.proof_columns(shown), tables.proof(shown))
    return workbook(tables.about(shown), _sheets(shown), shown.statement.as_of, [first])


def _sheets(shown: Shown) -> Iterator[Sheet]:
    yield "Teams", tables.SUMS, tables.sums(shown)
    yield "Lines", tables.LINES, tables.lines(shown)
    yield "Accounts and invoices", tables.RECONCILED, tables.reconciled(shown)
    yield "Bills", tables.BILLS, tables.bills(shown)
    if shown.estimates:
        yield "Estimated, not billed", tables.ESTIMATED, tables.estimated(shown)
    yield "Checks", tables.CHECKS, tables.checks(shown)
    yield "Rates", tables.RATES, tables.rates(shown)
