"""The one way to write a JSON value down: canonical JSON (RFC 8785)."""

from __future__ import annotations

import json
from typing import Any

import rfc8785

from data.ledger.refusal import EventRefused

_PLAIN = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
_MOST = 2**53
_SIMPLE = frozenset({str, bool, type(None)})


def canonical(value: Any) -> bytes:
    """A JSON value as its canonical bytes.

    Python's own encoder, four times as fast, writes the same unless there are floats, large
    integers, or keys that UTF-16 puts into another order.

    Raises:
        EventRefused: if JSON cannot hold it exactly: a date, a NaN, an integer above 2**53.
    """
    try:
        return _PLAIN.encode(value).encode() if _is_plain(value) else rfc8785.dumps(value)
    except (TypeError, ValueError, RecursionError) as error:
        fix = "hand in texts, whole numbers, true, false, null, and lists and objects of them"
        raise EventRefused(f"an event cannot be written as JSON ({error})", "", fix) from error


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind in _SIMPLE:
        return True
    if kind is int:
        return bool(-_MOST < value < _MOST)
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                return False
            if type(item) not in _SIMPLE and not _is_plain(item):
                return False
        return True
    return kind in (list, tuple) and all(map(_is_plain, value))
