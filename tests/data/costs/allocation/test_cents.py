"""Rounding to cents: the parts add up to the rounded sum, and nobody is a unit off."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.costs.allocation.cents import places_of, rounded

AMOUNTS = st.dictionaries(st.text(max_size=3), st.decimals(-(10**9), 10**9, places=12))


@given(AMOUNTS, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_parts_add_up_and_nobody_is_a_unit_off(exact: dict[str, Decimal], currency: str) -> None:
    found = rounded(exact, currency)
    unit = Decimal(1).scaleb(-places_of(currency))
    assert sum(found.amounts.values()) == found.total
    assert found.total + found.remainder == sum(exact.values())
    assert abs(found.remainder) <= unit / 2
    for who, amount in found.amounts.items():
        assert abs(amount - exact[who]) < unit
        assert amount % unit == 0


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        (("3.333", "3.333", "3.334"), ("3.33", "3.33", "3.34")),
        (("0.005", "0.005"), ("0.01", "0.00")),
        (("-0.005", "-0.005"), ("0.00", "-0.01")),
        (("10", "-10"), ("10.00", "-10.00")),
        ((), ()),
    ],
)
def test_units_go_to_the_largest_remainders(
    exact: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    found = rounded({n: Decimal(one) for n, one in enumerate(exact)}, "EUR")
    assert [str(found.amounts[n]) for n in range(len(exact))] == list(expected)
