"""The currency that unit costs and other amounts of metrics are told in."""

from __future__ import annotations

from app.components.published import current
from data.costs.views.asked import has_costs
from data.costs.views.told import reporting_currency


def in_currency() -> str:
    """`in EUR`; where no currency is known, what it would be."""
    snapshot = current()
    name = reporting_currency(snapshot) if has_costs(snapshot) else None
    return f"in {name}" if name else "in the currency of reporting"
