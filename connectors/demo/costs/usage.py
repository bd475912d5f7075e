"""Lines of what was used, a day or a month each, and what a commitment covers of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from connectors.demo.costs.line import Line, following
from connectors.demo.costs.story import Commitment, Provider, Service, Use
from connectors.demo.dice import Dice
from connectors.demo.organisation import STORY_DAYS, at, organisation

_JITTER = 0.035
_THOUSANDTH = Decimal("0.001")
_SATURDAY = 5


class Usage:
    """What one provider counted."""

    def __init__(self, provider: Provider, seed: int) -> None:
        self._provider = provider
        self._seed = seed
        self._first = organisation().founded
        self._last = self._first + timedelta(days=STORY_DAYS)

    def lines(self, month: date, end: date) -> Iterator[Line]:
        """Those of the days of a month before `end`."""
        used: dict[str, Decimal] = defaultdict(Decimal)
        days = [
            month + timedelta(days=n)
            for n in range((min(end, following(month)) - month).days)
        ]  # fmt: skip
        for service in self._provider.service:
            for use in service.uses:
                for line in self._of_use(service, use, days):
                    if "CommitmentDiscountId" in line.others:
                        used[line.others["CommitmentDiscountId"]] += line.effective_cost
                    yield line
        if end >= following(month):
            for commitment in self._provider.commitment:
                if commitment.holds(month):
                    yield from self._of_commitment(commitment, month, used[commitment.id])

    def _of_use(self, service: Service, use: Use, days: list[date]) -> Iterator[Line]:
        costs = [(day, self._cost(service, use, day)) for day in days]
        there = [(day, cost) for day, cost in costs if cost]
        if not there:
            return
        if service.is_monthly:
            total = sum(cost for _, cost in there)
            yield self._line(service, use, there[0][0], there[-1][0], total)
            return
        for day, cost in there:
            yield self._line(service, use, day, day, cost)

    def _cost(self, service: Service, use: Use, day: date) -> float:
        first, end = use.first or self._first, use.until or self._last
        if day < first or (use.until is not None and day >= use.until):
            return 0.0
        story = min(1.0, (day - first).days / (end - first).days)
        cost = at(use.a_day, story)
        if day.weekday() >= _SATURDAY:
            cost *= service.weekend
        for turn in use.turns:
            if turn.first <= day < turn.end:
                cost *= turn.by
        dice = Dice(self._seed, "bill", self._provider.id, use.resource, day)
        return cost * dice.between(1 - _JITTER, 1 + _JITTER)

    def _line(self, service: Service, use: Use, first: date, last: date, cost: float) -> Line:
        quantity = Decimal(int(cost / float(service.price) * 1000)) * _THOUSANDTH
        commitment = self._commitment(use, first)
        contracted = quantity * service.price
        effective = contracted * (1 - commitment.discount) if commitment else contracted
        return Line(
            first=first,
            end=last + timedelta(days=1),
            billed=first.replace(day=1),
            kind="Usage",
            describes=f"{service.unit} of {use.resource}",
            service=service.name,
            category=service.category,
            subcategory=service.subcategory,
            billed_cost=Decimal(0) if commitment else contracted,
            effective_cost=effective,
            list_cost=quantity * service.list_price,
            contracted_cost=contracted,
            resource=use.resource,
            sub_account=use.sub_account,
            tags=use.tags,
            others={**_priced(service, quantity, commitment), **_covered(commitment, effective)},
        )

    def _commitment(self, use: Use, day: date) -> Commitment | None:
        known = (one for one in self._provider.commitment if one.id == use.commitment)
        return next((one for one in known if one.holds(day)), None)

    def _of_commitment(self, bought: Commitment, month: date, used: Decimal) -> Iterator[Line]:
        """The fee of a month, and what of it nobody used."""
        for kind, billed, effective, others in (
            ("Purchase", bought.a_month, Decimal(0), _named(bought)),
            ("Usage", Decimal(0), bought.a_month - used,
             {**_named(bought), **_status("Unused", bought.a_month - used)}),
        ):  # fmt: skip
            cost = billed or effective
            price = {"ListUnitPrice": "1", "ContractedUnitPrice": "1", "SkuId": bought.id,
                     "PricingQuantity": str(cost), "PricingUnit": self._provider.currency,
                     "PricingCategory": "Committed", "SkuPriceId": f"{bought.id}-1"}  # fmt: skip
            yield Line(
                first=month,
                end=following(month),
                billed=month,
                kind=kind,
                describes=bought.title if kind == "Purchase" else f"unused of {bought.title}",
                service="Virtual Machines",
                category="Compute",
                subcategory="Virtual Machines",
                frequency="Recurring" if kind == "Purchase" else "Usage-Based",
                billed_cost=billed,
                effective_cost=effective,
                list_cost=cost,
                contracted_cost=cost,
                others={**price, **others},
            )


def _priced(service: Service, quantity: Decimal, commitment: Commitment | None) -> dict[str, str]:
    sku = service.name.lower().replace(" ", "-")
    return {
        "ListUnitPrice": str(service.list_price),
        "ContractedUnitPrice": str(service.price),
        "PricingQuantity": str(quantity),
        "PricingUnit": service.unit,
        "PricingCategory": "Committed" if commitment else "Standard",
        "ConsumedQuantity": str(quantity),
        "ConsumedUnit": service.unit,
        "SkuId": sku,
        "SkuPriceId": f"{sku}-1",
    }


def _covered(commitment: Commitment | None, effective: Decimal) -> dict[str, str]:
    if commitment is None:
        return {}
    return {**_named(commitment), **_status("Used", effective)}


def _named(commitment: Commitment) -> dict[str, str]:
    return {
        "CommitmentDiscountId": commitment.id,
        "CommitmentDiscountName": commitment.title,
        "CommitmentDiscountType": commitment.type,
        "CommitmentDiscountCategory": "Spend",
    }


def _status(status: str, amount: Decimal) -> dict[str, str]:
    return {
        "CommitmentDiscountStatus": status,
        "CommitmentDiscountQuantity": str(amount),
        "CommitmentDiscountUnit": "EUR",
    }
