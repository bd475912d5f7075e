"""What several bills come to together, and how many of their rows do not tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from data.costs.bill.examined import Examined, Total
from data.costs.bill.native.mapping import View


@dataclass(frozen=True, slots=True)
class Added:
    """An amount over several bills, in one currency."""

    known: Decimal | None
    """Of the rows that tell it; None: none does."""
    rows: int
    """Rows that tell it."""
    of: int
    """Rows that should."""

    @property
    def sum(self) -> Decimal | None:
        """None where some row does not tell it."""
        return self.known if self.rows == self.of else None


def added(found: Sequence[Examined]) -> Mapping[str, Mapping[str, Added]]:
    """The amounts that any of them tells, by currency and column.

    Rows of a bill that lacks the column should tell it too, unless another one here tells it of
    the same account, period and currency: then the two are views of one bill. Of an estimate
    nothing is ever billed: it should not tell it.
    """
    told: dict[str, dict[str, list[Total]]] = {}
    for total in sorted((t for one in found for t in one.totals), key=lambda total: total.currency):
        told.setdefault(total.currency, {}).setdefault(total.amount, []).append(total)
    return {
        currency: {
            amount: _added(totals, _untold(found, currency, amount))
            for amount, totals in amounts.items()
        }
        for currency, amounts in told.items()
    }


def _added(totals: Sequence[Total], untold: int) -> Added:
    known = [total.sum for total in totals if total.sum is not None]
    return Added(
        sum(known, Decimal(0)) if known else None,
        sum(total.rows for total in totals),
        sum(total.of for total in totals) + untold,
    )


def _untold(found: Sequence[Examined], currency: str, amount: str) -> int:
    """Rows of bills that lack the column, and have no other view here that tells it."""
    telling = {t.path for t in found if _tells(t, currency, amount)}
    own = [(one, part) for one in found for part in one.parts if part.currency == currency]
    covered = {
        (part.account, part.from_at)
        for one, part in own
        if one.path in telling and one.view is not View.WHOLE
    }
    return sum(
        part.rows
        for one, part in own
        if one.path not in telling
        and not (one.view is View.ESTIMATE and amount == one.view.lacks)
        and (one.view is View.WHOLE or (part.account, part.from_at) not in covered)
    )


def _tells(one: Examined, currency: str, amount: str) -> bool:
    return any((each.currency, each.amount) == (currency, amount) for each in one.totals)
