"""What somebody used of a driver, and that it cannot be gone by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from data.costs.allocation.shares import SharesRefused


@dataclass(frozen=True, slots=True)
class Use:
    """What one team used in a month."""

    driver: str
    month: date
    team: str | None
    """None: what nobody owns."""
    amount: Decimal

    def __str__(self) -> str:
        return f"`{self.team or 'nobody'}` used {self.amount.normalize():f} of `{self.driver}`"


class UseRefused(SharesRefused):
    """A driver says that somebody used less than nothing."""

    def __init__(self, use: Use, where: str, sources: str = "its source") -> None:
        what = f"{use}, which is less than nothing"
        super().__init__(what, where, f"mend what {sources} says of it")
        self.use = use
