"""Plain values as bytes that are the same wherever they are written, so that they can be hashed.

A part of RFC 8785 (JSON Canonicalization Scheme): keys in order, no spaces, UTF-8. Numbers are
integers that every reader of JSON keeps whole; there are no fractions, whose digits differ.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

_MOST = 2**53 - 1
"""RFC 8785, appendix D: beyond that, not every program keeps an integer."""


def canonical(value: Any) -> bytes:
    """The bytes of a value made of dictionaries, lists, texts, integers, booleans and None.

    Raises:
        ValueError: if anything else is in it, a key is not ASCII, or a text is no Unicode.
    """
    _check(value)
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def sha256(value: Any) -> str:
    """The hash of those bytes, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _check(value: Any) -> None:
    match value:
        case None | bool() | str():
            return
        case int() if abs(value) <= _MOST:
            return
        case dict() if all(isinstance(key, str) and key.isascii() for key in value):
            parts = list(value.values())
        case list() | tuple():
            parts = list(value)
        case _:
            raise ValueError(f"{type(value).__name__} has no canonical form here")
    for part in parts:
        _check(part)
