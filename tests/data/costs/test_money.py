"""An amount as text has all of its digits and no more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from data.costs.money import exact


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1.500000000000", "1.5"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("-0.000", "0"),
        ("0.000000000001", "0.000000000001"),
        ("12345678901234567890123456.123456789012", "12345678901234567890123456.123456789012"),
    ],
)
def test_an_amount_is_told_to_its_last_digit(amount: str, text: str) -> None:
    assert exact(Decimal(amount)) == text


def test_what_is_not_known_is_no_text() -> None:
    assert exact(None) is None
