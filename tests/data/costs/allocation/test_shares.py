"""Shares: the parts are the whole, for any amount, any weights, any way through pools."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.costs.allocation.shares import (
    Share,
    SharesRefused,
    Weights,
    even,
    fixed,
    parts,
    resolved,
)

AMOUNT = st.decimals(-(10**11), 10**11, places=12)
WEIGHTS = st.dictionaries(
    st.sampled_from("abcdefghij"), st.fractions(0, 10**6, max_denominator=10**6), min_size=1
)


def part(share: Share, amount: Decimal) -> Decimal:
    """What a target has of an amount, in the database's twelve decimals."""
    unit = Decimal("1e-12")
    lower, upper = (
        (amount * bound).quantize(unit, ROUND_HALF_EVEN) for bound in (share.lower, share.upper)
    )
    return upper - lower


@given(AMOUNT, WEIGHTS)
def test_the_parts_of_an_amount_are_the_amount(amount: Decimal, weights: Weights) -> None:
    found = parts(weights, "here")
    if found is None:
        assert not any(weights.values())
        return
    with localcontext(prec=60):
        shares = resolved("pool", {"pool": found})
        assert sum(part(share, amount) for share in shares) == amount
        assert sum(share.ratio for share in shares) == 1
        for share in shares:
            wanted = Fraction(amount) * found[share.target]
            slack = Fraction(2, 10**12) + abs(Fraction(amount)) * Fraction(2, 10**14)
            assert abs(Fraction(part(share, amount)) - wanted) <= slack


@given(AMOUNT, st.lists(WEIGHTS, min_size=2, max_size=5))
def test_pools_that_pass_on_lose_nothing(amount: Decimal, each: list[Weights]) -> None:
    found = [parts(weights, "here") or even(["z"]) for weights in each]
    pools = {
        f"pool {n}": {**{t: p / 2 for t, p in one.items()}, f"pool {n + 1}": Fraction(1, 2)}
        for n, one in enumerate(found[:-1])
    }
    pools[f"pool {len(found) - 1}"] = dict(found[-1])
    with localcontext(prec=60):
        shares = resolved("pool 0", pools)
        assert sum(part(share, amount) for share in shares) == amount
        assert shares[-1].path[:-1] == tuple(f"pool {n}" for n in range(len(found)))
        assert shares[-1].upper == 1


def test_a_credit_is_split_as_the_charge_that_it_corrects() -> None:
    shares = resolved("pool", {"pool": even(["a", "b", "c"])})
    for share in shares:
        assert part(share, Decimal("-10.01")) == -part(share, Decimal("10.01"))


def test_one_tenant_has_all() -> None:
    (share,) = resolved("pool", {"pool": even(["a"])})
    assert (share.ratio, part(share, Decimal("0.000000000001"))) == (1, Decimal("0.000000000001"))


def test_who_used_nothing_has_no_part() -> None:
    found = parts({"a": Fraction(3), "b": Fraction(0)}, "here")
    assert found == {"a": 1}


def test_nothing_to_go_by_is_no_share_of_nothing() -> None:
    assert parts({"a": Fraction(0), "b": Fraction(0)}, "here") is None
    assert parts({}, "here") is None


def test_a_negative_driver_is_refused_by_name() -> None:
    with pytest.raises(SharesRefused, match="share of `b` is negative"):
        parts({"a": Fraction(3), "b": Fraction(-1)}, "pool kubernetes")


def test_fixed_shares_are_the_whole_or_refused() -> None:
    assert fixed({"a": Decimal("0.6"), "b": Decimal("0.4")}, "here")["a"] == Fraction(3, 5)
    with pytest.raises(SharesRefused, match=r"add up to 0\.99, not to 1"):
        fixed({"a": Decimal("0.6"), "b": Decimal("0.39")}, "here")
