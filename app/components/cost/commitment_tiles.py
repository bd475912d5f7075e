"""The figures that the page of commitments begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.components.cost.money import money, short
from app.components.cost.tiles import Tile, tiles
from app.components.cost.unknown import NOT_TOLD
from app.wording import percent, plain
from data.costs.views.commitments import Eligible, Identity, Month, Use, added, coverage
from data.costs.views.reconciled import State


def commitment_tiles(
    found: Sequence[Month],
    compared: Mapping[str, Sequence[Identity]],
    services: Sequence[Eligible],
    currency: str,
) -> None:
    """Shows utilisation, unused and bought money, coverage, and whether commitments add up."""
    use = added(found)
    tiles(
        [
            Tile(
                "Utilisation", _share(use.utilisation),
                f"used: {_aside(use, 'used', currency)}",
                "Used ÷ (used + unused), in effective cost.",
            ),
            Tile(
                f"Unused, {currency}", short(use.unused, currency), _aside(use, "unused", currency),
                "Effective cost of what was paid for and not used.",
            ),
            Tile(
                f"Bought, {currency}", short(use.bought, currency), _aside(use, "bought", currency),
                "Billed for commitments in what is chosen. What is paid at once is in its month.",
            ),
            _coverage(services),
            _identity(compared),
        ]
    )  # fmt: skip


def _aside(use: Use, name: str, currency: str) -> str:
    if name in use.unknown:
        return f"not known: {NOT_TOLD}"
    return plain(
        money({"bought": use.bought, "used": use.used, "unused": use.unused}[name], currency)
    )


def _coverage(services: Sequence[Eligible]) -> Tile:
    found = coverage(services)
    unknown = sum(one.share is None for one in services)
    many = "1 service" if len(services) == 1 else f"{len(services):,} services"
    aside = f"of {many}" if found is not None else "no service is covered"
    if unknown:
        aside = f"not known of {unknown:,} of {many}"
    return Tile(
        "Usage covered", _share(found), aside,
        "At list prices: covered usage, of that and what was bought as it comes, of the services "
        "that commitments cover.",
    )  # fmt: skip


def _identity(compared: Mapping[str, Sequence[Identity]]) -> Tile:
    every = [one for some in compared.values() for one in some]
    broken = sum(one.state is State.BROKEN for one in every)
    unknown = sum(one.state is State.UNKNOWN for one in every)
    value = "✗ broken" if broken else "✓ holds" if len(every) > unknown else "not known"
    aside = f"{len(every):,} compared"
    aside += f", {broken:,} broken" if broken else ""
    aside += f", {unknown:,} not known" if unknown else ""
    return Tile(
        "Paid = used + unused", value, aside if every else "nothing to compare",
        "What was paid for a commitment is what its use and what was left unused come to: each "
        "month, or over all of its time where it is paid at once.",
    )  # fmt: skip


def _share(share: Decimal | None) -> str:
    return "–" if share is None else percent(float(share))
