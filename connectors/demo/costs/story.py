"""What the invented organisation pays as data: providers, what is used, and what happens."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from connectors.demo.organisation import Course

Tags = Mapping[str, str]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Turn(_Value):
    """Days on which a use costs so many times what it did; `to` is the first day after."""

    first: date = Field(alias="from")
    end: date = Field(alias="to")
    by: float


class Use(_Value):
    """A resource, and what it costs a day."""

    resource: str
    a_day: Course
    first: date | None = Field(None, alias="from")
    until: date | None = None
    """The first day without it."""
    tags: Tags | None = None
    sub_account: str | None = None
    commitment: str | None = None
    turns: tuple[Turn, ...] = ()


class Service(_Value):
    """What a provider sells, at which price, and who uses it."""

    name: str
    category: str
    subcategory: str | None = None
    unit: str
    list_price: Decimal
    discount: Decimal
    weekend: float = 1.0
    is_monthly: bool = False
    """Whether a bill has a line a month of it, not a day."""
    uses: tuple[Use, ...]

    @property
    def price(self) -> Decimal:
        """What was agreed for a unit."""
        return self.list_price * (1 - self.discount)


class Commitment(_Value):
    """A sum that is paid each month, used or not, for a lower price."""

    id: str
    title: str
    type: str
    first: date = Field(alias="from")
    until: date
    a_month: Decimal
    discount: Decimal

    def holds(self, day: date) -> bool:
        """Whether it was bought for a day."""
        return self.first <= day < self.until


class Share(_Value):
    """A line a month that is a part of what was used in it."""

    service: str
    category: str
    kind: Literal["Usage", "Tax"]
    describes: str
    part: Decimal


class Fee(_Value):
    """A line a month of the same amount."""

    service: str
    category: str
    describes: str
    a_month: Decimal
    tags: Tags | None = None
    sub_account: str | None = None


class Extra(_Value):
    """A single line: a credit, a refund, or a correction of an earlier month."""

    day: date
    billed: date
    """First day of the month in whose bill it is."""
    kind: Literal["Usage", "Credit", "Adjustment"]
    is_correction: bool = False
    service: str
    category: str
    describes: str
    amount: Decimal
    tags: Tags | None = None


class Draft(_Value):
    """A bill that was delivered while its month was running, and replaced later."""

    month: date
    until: date
    written_at: datetime


class Provider(_Value):
    """Somebody who sends bills."""

    id: str
    title: str
    version: str
    """Of FOCUS."""
    currency: str
    account: str
    invoice: str | None = None
    """What its invoices' numbers begin with; None: its bills name none."""
    region: tuple[str, str]
    files: Literal["month", "quarter"]
    written_after_hours: int
    """How long after the end of the last month in it a file is written."""
    commitment: tuple[Commitment, ...] = ()
    service: tuple[Service, ...]
    share: tuple[Share, ...] = ()
    fee: tuple[Fee, ...] = ()
    extra: tuple[Extra, ...] = ()
    late: tuple[Extra, ...] = ()
    """Lines that are delivered when their months are closed."""
    draft: tuple[Draft, ...] = ()


class Spoilt(_Value):
    """A cell that is written as no cell should be, so that its row cannot be counted."""

    provider: str
    resource: str
    day: date
    column: str
    written: str


class Story(_Value):
    """All of it."""

    provider: tuple[Provider, ...]
    spoilt: tuple[Spoilt, ...]


@lru_cache(maxsize=1)
def story() -> Story:
    """What comes with Cairn."""
    text = files(__package__).joinpath("bills.toml").read_text(encoding="utf-8")
    return Story.model_validate(tomllib.loads(text))
