"""Reading fields of events that anybody may have written."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from connectors.answers.moment import moment
from connectors.interface import Json
from connectors.missing import as_text as storable

_SPACED_ZONE = re.compile(r" (?:UTC|([+-]\d{2}:?\d{2}))$")
_NEVER = 1
"""Year of the time that programs written in Go send where there is none."""
_MILLISECONDS = 100_000_000_000
"""Seconds of the year 5138: a number beyond counts thousandths."""


class Misfit(ValueError):
    """An event, or a field of it, that is not what its format says; the text says which."""


def found(body: Json, path: str) -> Json:
    """The value at a path such as `run.runId` or `builds.0.name`; null if there is none."""
    for step in path.split("."):
        if isinstance(body, dict):
            body = body.get(step)
        elif isinstance(body, list) and step.isdecimal():
            body = body[int(step)] if int(step) < len(body) else None
        else:
            return None
    return body


def text(body: Json, path: str) -> str | None:
    """The text at a path; null if there is none or an empty one.

    Raises:
        Misfit: if something else is there.
    """
    value = found(body, path)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Misfit(f"`{path}` is no text")
    return storable(str(value))


def needed(body: Json, path: str) -> str:
    """The text at a path.

    Raises:
        Misfit: if there is none.
    """
    value = text(body, path)
    if value is None:
        raise Misfit(f"`{path}` is missing")
    return value


def items(body: Json, path: str) -> list[dict[str, Any]]:
    """The objects in the list at a path; none if there is no list.

    Raises:
        Misfit: if something else is there.
    """
    value = found(body, path)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Misfit(f"`{path}` is no list of objects")
    return value


def time(body: Json, path: str) -> str | None:
    """The time at a path, in UTC and such that later is greater; null if there is none.

    Raises:
        Misfit: if something else is there.
    """
    value = found(body, path)
    if value is None or value == "":
        return None
    try:
        at = utc(value)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise Misfit(f"`{path}` is no time") from error
    return None if at.year == _NEVER else as_text(at)


def needed_time(body: Json, path: str) -> str:
    """The time at a path.

    Raises:
        Misfit: if there is none.
    """
    value = time(body, path)
    if value is None:
        raise Misfit(f"`{path}` is missing")
    return value


def utc(value: Json) -> datetime:
    """A time in one of the ways senders tell it: ISO 8601, GitLab's, seconds or milliseconds.

    Raises:
        TypeError, ValueError, OverflowError, OSError: if it is none.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if abs(value) >= _MILLISECONDS else value
        return datetime.fromtimestamp(seconds, UTC)
    if isinstance(value, str):
        value = _SPACED_ZONE.sub(lambda zone: zone[1] or "+00:00", value)
    return moment(value)


def as_text(at: datetime) -> str:
    """A time as text in which later is greater."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
