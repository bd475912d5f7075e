"""Time stamps that name things in the order in which they were made, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_FORM = "%Y%m%dT%H%M%S"


def stamp_after(last: str | None, now: datetime) -> str:
    """The time now in seconds, or a second after `last` if the clock has not passed that.

    Args:
        last: the newest stamp so far, or a name that begins with it.
        now: the clock, in UTC.
    """
    stamp = f"{now:{_FORM}}"
    newest = last[: len(stamp)] if last else ""
    if stamp > newest:
        return stamp
    return f"{datetime.strptime(newest, _FORM).replace(tzinfo=UTC) + timedelta(seconds=1):{_FORM}}"
