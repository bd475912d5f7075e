"""Lines beside usage: support and taxes as parts of it, fees, credits, refunds and corrections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from connectors.demo.costs.line import Line, following
from connectors.demo.costs.story import Extra, Fee, Provider, Share

_CENT = Decimal("0.01")


def further_lines(provider: Provider, month: date, used: Decimal) -> Iterator[Line]:
    """Those of a month whose usage was billed at so much."""
    for share in provider.share:
        yield _of_share(provider, share, month, used)
    for fee in provider.fee:
        yield _of_fee(fee, month)
    for extra in provider.extra:
        if extra.billed == month:
            yield _of_extra(extra)


def late_lines(provider: Provider) -> Iterator[Line]:
    """Those of earlier bills that come after everything else."""
    return (_of_extra(extra) for extra in provider.late)


def _of_share(provider: Provider, share: Share, month: date, used: Decimal) -> Line:
    amount = (used * share.part).quantize(_CENT)
    priced = {}
    if share.kind != "Tax":
        priced = _priced(amount, share.service, provider.currency) | {
            "ConsumedQuantity": str(amount),
            "ConsumedUnit": provider.currency,
        }
    return Line(
        first=month,
        end=following(month),
        billed=month,
        kind=share.kind,
        describes=share.describes,
        service=share.service,
        category=share.category,
        frequency="Recurring",
        billed_cost=amount,
        effective_cost=amount,
        list_cost=amount,
        contracted_cost=amount,
        others=priced,
    )


def _of_fee(fee: Fee, month: date) -> Line:
    return Line(
        first=month,
        end=following(month),
        billed=month,
        kind="Purchase",
        describes=fee.describes,
        service=fee.service,
        category=fee.category,
        frequency="Recurring",
        billed_cost=fee.a_month,
        effective_cost=fee.a_month,
        list_cost=fee.a_month,
        contracted_cost=fee.a_month,
        sub_account=fee.sub_account,
        tags=fee.tags,
        others=_priced(fee.a_month, fee.service, "Months"),
    )


def _of_extra(extra: Extra) -> Line:
    return Line(
        first=extra.day,
        end=extra.day + timedelta(days=1),
        billed=extra.billed,
        kind=extra.kind,
        describes=extra.describes,
        service=extra.service,
        category=extra.category,
        frequency="One-Time",
        billed_cost=extra.amount,
        effective_cost=extra.amount,
        list_cost=extra.amount,
        contracted_cost=extra.amount,
        is_correction=extra.is_correction,
        tags=extra.tags,
        others={"SkuId": "none", "SkuPriceId": "none-1", "PricingCategory": "Other"},
    )


def _priced(amount: Decimal, service: str, unit: str) -> dict[str, str]:
    sku = service.lower().replace(" ", "-")
    return {
        "ListUnitPrice": "1" if unit != "Months" else str(amount),
        "ContractedUnitPrice": "1" if unit != "Months" else str(amount),
        "PricingQuantity": str(amount) if unit != "Months" else "1",
        "PricingUnit": unit,
        "PricingCategory": "Standard",
        "SkuId": sku,
        "SkuPriceId": f"{sku}-1",
    }
