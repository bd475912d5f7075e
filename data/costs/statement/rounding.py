"""A statement in cents: first what each team has in all, then its lines, so that both add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from data.costs.allocation.cents import rounded
from data.costs.statement.content import Key, Line

Whose = tuple[str | None, str | None]
"""A team; or of nobody's the bucket."""


def in_cents(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines in their order, each with its amount in whole cents of its currency."""
    ordered = sorted(lines, key=_order)
    done = [
        line
        for currency in dict.fromkeys(line.key.currency for line in ordered)
        for line in _of([one for one in ordered if one.key.currency == currency], currency)
    ]
    return tuple(sorted(done, key=_order))


def _of(lines: Sequence[Line], currency: str) -> Iterator[Line]:
    """Lines of one currency: those whose they are differ by less than a cent from what is exact."""
    owned: dict[Whose, list[Line]] = {}
    for line in lines:
        owned.setdefault(_whose(line.key), []).append(line)
    totals = {who: sum((one.exact for one in some), Decimal(0)) for who, some in owned.items()}
    due = rounded(totals, currency).amounts
    for who, some in owned.items():
        exact = {number: one.exact for number, one in enumerate(some)}
        cents = rounded(exact, currency, due[who]).amounts
        yield from (replace(one, amount=cents[number]) for number, one in enumerate(some))


def _whose(key: Key) -> Whose:
    return (key.team, None) if key.team is not None else (None, key.bucket.value)


def _order(line: Line) -> tuple[object, ...]:
    """Charges of the month first; then corrections, by the month they are of."""
    key = line.key.order
    return key[:3], line.origin is not None, str(line.origin), key[3:], line.kind.value
