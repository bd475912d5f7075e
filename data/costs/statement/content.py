"""What a statement says, all of it: closed, it is kept as these values and told from them alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import TypeAdapter

from data.costs.allocation.bucket import Bucket

Buckets = dict[Bucket, Decimal]
"""What went into each bucket."""


class Kind(StrEnum):
    """Why a line is there."""

    CHARGE = "charge"
    """A charge of the month."""
    CORRECTION = "correction"
    """A row of the month's bills that corrects an earlier month."""
    CHANGE = "change"
    """Bills or rules changed what an earlier month came to after it was closed."""


@dataclass(frozen=True, slots=True)
class Key:
    """Whose a line is, and of what."""

    team: str | None
    """None: nobody's."""
    currency: str
    provider: str | None
    account: str
    service: str | None
    bucket: Bucket

    @property
    def order(self) -> tuple[str, bool, str, str, str, str, str]:
        """As lines stand: each currency for itself, teams by name, nobody's last."""
        return (self.currency, self.team is None, self.team or "", self.provider or "",
                self.account, self.service or "", self.bucket.value)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """Billed cost of one key."""

    period: date
    """First day of the billing month that it is of."""
    kind: Kind
    origin: date | None
    """First day of the month that is corrected."""
    key: Key
    exact: Decimal
    """As the bills say, to the last digit."""
    amount: Decimal
    """In whole cents of the currency."""


@dataclass(frozen=True, slots=True)
class BillIn:
    """What one file says of an account, invoice and currency."""

    file: str
    sha256: str
    version: str
    account: str
    invoice: str | None
    currency: str
    rows: int
    refused: int
    """Rows of the whole file that could not be taken."""
    billed: Decimal


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What bills say of an account, invoice and currency, and where it went."""

    account: str
    invoice: str | None
    currency: str
    rows: int
    billed: Decimal
    buckets: Buckets
    out: Decimal

    @property
    def difference(self) -> Decimal:
        """What is lost or made up on the way."""
        return self.billed - self.out


@dataclass(frozen=True, slots=True)
class Estimated:
    """What one team has of what a source estimates: it never tells what is billed."""

    source: str
    provider: str | None
    account: str
    currency: str
    team: str | None
    """None: nobody has it."""
    bucket: Bucket
    rows: int
    effective: Decimal | None
    """Effective cost, in no sum of the statement; None: not all of it is told."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An account that was billed in the month before, and is not in the month of the statement."""

    source: str
    account: str
    last: date
    """First day of the last month that it has a bill of."""

    @property
    def name(self) -> str:
        """As it is told from an account of another source that is called the same."""
        return f"{self.source}/{self.account}"


@dataclass(frozen=True, slots=True)
class Checked:
    """Something that must hold of all costs, and how it stood."""

    title: str
    state: str
    compared: int


@dataclass(frozen=True, slots=True)
class RateUsed:
    """The rate at which the statement's sums are told in the currency of reporting."""

    base: str
    quote: str
    asked: date
    """The last day of the month."""
    day: date | None
    rate: Decimal | None
    """None: there is none."""
    source: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a billing month came to, and why the sum is right."""

    month: date
    organisation: str
    snapshot: str
    as_of: datetime
    rules: tuple[str, ...]
    """Versions of the rules by which it was allocated."""
    lines: tuple[Line, ...]
    bills: tuple[BillIn, ...]
    reconciled: tuple[Reconciled, ...]
    checks: tuple[Checked, ...]
    rates: tuple[RateUsed, ...]
    estimates: tuple[Estimated, ...] = ()
    missing: tuple[Missing, ...] = ()
    """Accounts whose bills may be to come; of a closed month those that it was closed without."""

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of its lines and bills."""
        found = {line.key.currency for line in self.lines}
        return tuple(sorted(found | {one.currency for one in self.reconciled}))

    @property
    def teams(self) -> tuple[str, ...]:
        """The teams that have something of it, be it estimates alone."""
        found = {line.key.team for line in self.lines} | {one.team for one in self.estimates}
        return tuple(sorted(team for team in found if team))

    def of(self, currency: str) -> Iterator[Line]:
        """The lines of a currency."""
        return (line for line in self.lines if line.key.currency == currency)

    @property
    def totals(self) -> dict[str, Decimal]:
        """By currency, what its lines add up to in whole cents."""
        return {
            currency: sum((line.amount for line in self.of(currency)), Decimal(0))
            for currency in self.currencies
        }

    def remainder(self, currency: str) -> Decimal:
        """What the exact sum is more than that of the lines: less than half a cent."""
        return sum((line.exact - line.amount for line in self.of(currency)), Decimal(0))

    def written(self) -> bytes:
        """All of it as text: the same content, the same bytes."""
        return _ADAPTER.dump_json(self)


def read(content: bytes) -> Statement:
    """What `written` wrote."""
    return _ADAPTER.validate_json(content)


_ADAPTER: TypeAdapter[Statement] = TypeAdapter(Statement)
