"""Drops what GitLab tells and nobody keeps: tokens of runners, where a copy came from, pictures.

Pictures of accounts are named by a hash of their mail address.
"""

from __future__ import annotations

import re

_FIELD = re.compile(
    rb'("(?:runners_token|import_url|avatar_url|service_desk_address)"\s*:\s*)'
    rb'"(?:[^"\\]|\\.)*+"'
)


def without_withheld(answer: bytes) -> bytes:
    """An answer in JSON without them; the rest is as it was sent."""
    return _FIELD.sub(rb"\1null", answer)
