"""What a bill came to: its version, exact totals, what is refused, and what is told of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from data.costs.bill.native.mapping import View

MOST_SHOWN = 20
"""Refused values that are listed; the others are counted."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A value for which a row is not taken."""

    row: int
    """Number of the record in the file, the first after the head being 1."""
    column: str | None
    """None: the line is no row."""
    written: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is against some rows that are taken all the same."""

    rule: str
    column: str
    why: str
    count: int
    rows: tuple[int, ...]
    """The first of them."""


@dataclass(frozen=True, slots=True)
class Total:
    """The exact sum of an amount in one currency, of the rows that are taken."""

    currency: str
    amount: str
    """The column."""
    sum: Decimal | None
    """None: no row has one."""
    rows: int
    """Rows that have one."""
    of: int
    """Rows of the currency."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a bill holds of one account, billing period, invoice and currency, of what is taken."""

    account: str
    from_at: datetime
    until_at: datetime
    invoice: str | None
    currency: str
    rows: int
    billed_cost: Decimal | None
    """None: this view of the charges does not tell it."""
    effective_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Examined:
    """One file, read."""

    path: Path
    version: str
    """The version of FOCUS, or the export of a provider."""
    view: View
    """Which of the two amounts it tells."""
    rows: int
    """Charges, and lines that are none, taken or not."""
    taken: int
    totals: tuple[Total, ...]
    parts: tuple[Part, ...]
    refused: tuple[Refused, ...]
    """The first of them."""
    told: tuple[Told, ...]
    unknown_columns: tuple[str, ...]
    """Columns that are neither FOCUS's nor begin with `x_` as others should."""
    missing: Mapping[str, str | None]
    """Columns that there must be and are not, and why, where that is known."""

    @property
    def refused_rows(self) -> int:
        """Rows that are not taken."""
        return self.rows - self.taken

    @property
    def missing_columns(self) -> tuple[str, ...]:
        """Columns that there must be and are not."""
        return tuple(self.missing)
