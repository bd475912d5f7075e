"""Times as sources tell them."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.interface import Json


def moment(told: Json) -> datetime:
    """The time in UTC; one without a zone is meant so.

    Raises:
        TypeError: if it is no text.
        ValueError: if it is no time.
    """
    if not isinstance(told, str):
        raise TypeError(f"{told!r} where a time should be")
    at = datetime.fromisoformat(told)
    try:
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{told!r} is out of all time") from None


def moment_or_none(told: Json) -> datetime | None:
    """The time in UTC; null if none is told."""
    return None if told is None else moment(told)


def stamp(told: Json) -> str:
    """The time as text in which later is greater."""
    return moment(told).isoformat()
