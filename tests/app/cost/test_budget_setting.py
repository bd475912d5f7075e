"""The command that sets a budget begins with about what the month comes to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.components.cost.budget_setting import budget_setting

OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("amount", "set_to"),
    [
        ("547.21", "550"),
        ("143268.56", "150000"),
        ("1000", "1000"),
        ("9.13", "9.2"),
        ("-20", "1000"),
        (None, "1000"),
    ],
)
def test_the_amount_is_rounded_up_to_two_digits(amount: str | None, set_to: str) -> None:
    told = budget_setting(Decimal(amount) if amount else None, "EUR", OCTOBER, "coldchain")
    assert f"set {set_to} --currency EUR --from 2026-10 --team coldchain \\" in told


def test_a_budget_of_all_names_no_team() -> None:
    assert "--team" not in budget_setting(Decimal(1), "EUR", OCTOBER, None)
    assert "--team 'cold chain'" in budget_setting(Decimal(1), "EUR", OCTOBER, "cold chain")
