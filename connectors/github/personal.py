"""Drops mail addresses, which GitHub tells beside commits, before an answer is kept."""

from __future__ import annotations

import re

_FIELD = re.compile(rb'("\w*email"\s*:\s*)"(?:[^"\\]|\\.)*"')
_IN_TEXT = re.compile(rb'(?:<|\\u003c)[^<>@\s"\\]+@[^<>@\s"\\]+(?:>|\\u003e)')
"""As in `Co-authored-by: dev-1 <dev-1@example.com>`."""


def without_addresses(body: bytes) -> bytes:
    """An answer in JSON without its mail addresses; the rest is as it was sent."""
    return _IN_TEXT.sub(b"<>", _FIELD.sub(rb"\1null", body))
