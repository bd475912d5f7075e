"""A random sample of a population that anybody can draw again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from data.controls.outcome import Result

USUAL_SIZE = 25
"""What auditors commonly look at of a control that is performed many times a day."""


def sample(results: Sequence[Result], seed: str, size: int = USUAL_SIZE) -> tuple[Result, ...]:
    """Draws members, each with the same chance; the same seed draws the same.

    Each member has a place: SHA-256 of the seed, a line feed and its id, in UTF-8. The first
    places are drawn, in their order. So a larger sample begins with a smaller one of the same
    seed, and nobody needs Cairn, or a generator of random numbers, to draw it again.

    Args:
        results: the members. What stands for something that cannot be seen is none.
        seed: any text, best one that the auditor names.
        size: how many; all, if there are fewer.
    """
    members = (one for one in results if not one.is_place)
    return tuple(sorted(members, key=lambda one: (_place(seed, one.id), one.id))[:size])


def _place(seed: str, row: str) -> str:
    return hashlib.sha256(f"{seed}\n{row}".encode()).hexdigest()
