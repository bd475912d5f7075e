"""What a file says, value by value: each is of the type that is asked for, or refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from connectors.files.file import NotUnderstood
from connectors.interface import Json

UNREADABLE = (AttributeError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError)
"""What a value leads to that is missing, renamed, of another type or nested without end."""

_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")
_MOST_DIGITS = 2**63


def json_of(data: bytes) -> Json:
    """The JSON of a file, in any Unicode encoding, with or without a byte order mark.

    Raises:
        NotUnderstood: if it is none.
    """
    if not data.strip():
        raise NotUnderstood("it is empty")
    try:
        told = json.loads(data)
        if _HALF_CHARACTER.search(data):  # no text that a database could take
            told = json.loads(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        raise NotUnderstood("it is nested without end") from None
    except ValueError as error:
        raise NotUnderstood(f"it is no JSON ({brief(str(error))})") from None
    return told


def mapping(told: Json) -> Mapping[str, Json]:
    """A mapping.

    Raises:
        TypeError: if it is none.
    """
    if not isinstance(told, Mapping):
        raise TypeError(f"{_kind(told)} where a mapping should be")
    return told


def entries(told: Json) -> Sequence[Json]:
    """A list.

    Raises:
        TypeError: if it is none.
    """
    if not isinstance(told, list):
        raise TypeError(f"{_kind(told)} where a list should be")
    return told


def text(told: Json) -> str:
    """A text that is not empty.

    Raises:
        TypeError: if it is none.
    """
    if not isinstance(told, str) or not told:
        raise TypeError(f"{_kind(told)} where a text should be")
    return told


def text_or_none(told: Json) -> str | None:
    """A text; null for none and for an empty one.

    Raises:
        TypeError: if it is something else.
    """
    return text(told) if told not in (None, "") else None


def texts(told: Json) -> tuple[str, ...]:
    """Texts: a list of them, one, or none.

    Raises:
        TypeError: if it is something else.
    """
    if told is None:
        return ()
    return tuple(map(text, [told] if isinstance(told, str) else entries(told)))


def count_or_none(told: Json) -> int | None:
    """A number of things; null for none.

    Raises:
        TypeError: if it is something else.
    """
    if told is None:
        return None
    is_whole = isinstance(told, int) or (isinstance(told, float) and told.is_integer())
    if not is_whole or isinstance(told, bool) or not 0 <= told < _MOST_DIGITS:
        raise TypeError(f"{_kind(told)} where a number of things should be")
    return int(told)


def number_or_none(told: Json) -> float | None:
    """A number; null for none, and for one that is not finite.

    Raises:
        TypeError: if it is something else.
    """
    if told is None:
        return None
    if not isinstance(told, int | float) or isinstance(told, bool):
        raise TypeError(f"{_kind(told)} where a number should be")
    value = float(told)
    return value if math.isfinite(value) else None


def moment(told: Json) -> datetime:
    """A time in UTC; one without a zone is meant so.

    Raises:
        TypeError: if it is no text.
        ValueError: if it is no time.
    """
    at = datetime.fromisoformat(text(told))
    try:
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        raise ValueError("a time that is out of all time") from None


def moment_or_none(told: Json) -> datetime | None:
    """The same; null for none."""
    return None if told is None else moment(told)


def brief(said: str) -> str:
    """The beginning of a message, on one line whatever it contains."""
    line = " ".join(said.split())[:200]
    return "".join(mark if mark.isprintable() else "?" for mark in line)


def first(values: Iterable[str | None]) -> str | None:
    """The first that is not null."""
    return next((value for value in values if value is not None), None)


def _kind(told: Json) -> str:
    return "null" if told is None else "an empty text" if told == "" else type(told).__name__
