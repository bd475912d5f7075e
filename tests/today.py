"""Days around today, asked for when a test runs: what a file holds is a day old after midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def today() -> date:
    """The day it is now, in UTC."""
    return datetime.now(UTC).date()


def in_days(days: int) -> date:
    """A day so many days from now; before today if there are fewer than none."""
    return today() + timedelta(days=days)
