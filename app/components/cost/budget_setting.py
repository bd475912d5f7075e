"""The command that sets a budget, for who has none."""

from __future__ import annotations

import shlex
from datetime import date
from decimal import ROUND_UP, Decimal

_HOW = """\
cairn cost budget set {amount:f} --currency {currency} --from {month:%Y-%m}{team} \\
  --reason "a plan"
cairn cost budget list"""
_SOME_AMOUNT = Decimal(1000)
"""Where nothing is known of what a month comes to."""


def budget_setting(amount: Decimal | None, currency: str, month: date, team: str | None) -> str:
    """The command, with what a month comes to rounded up to two digits.

    Args:
        amount: what the month comes to, if that is known.
        currency: in which costs are told.
        month: its first day.
        team: whose budget it is; None: that of all.
    """
    return _HOW.format(
        amount=_SOME_AMOUNT if amount is None or amount <= 0 else _rounded(amount),
        currency=currency,
        month=month,
        team=f" --team {shlex.quote(team)}" if team else "",
    )


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(amount.adjusted() - 1), ROUND_UP)
