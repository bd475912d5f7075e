"""Billing months, each told by its first day."""

from __future__ import annotations

import re
from datetime import date, timedelta

from data.errors import WrongQuestion

_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)


class NoMonth(WrongQuestion):
    """A text names no month."""


def month_of(text: str) -> date:
    """The month that a text names.

    Raises:
        NoMonth: if it names none.
    """
    found = _MONTH.fullmatch(text.strip())
    try:
        if found is not None and found[1] < "9999":  # the month after one is a month too
            return date(int(found[1]), int(found[2]), 1)
    except ValueError:
        pass
    raise NoMonth(f"`{text[:40]}` is no month", "", "write it as `2026-09`")


def named(month: date) -> str:
    """A month as people write it."""
    return f"{month:%Y-%m}"


def next_month(month: date) -> date:
    """The month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
