"""Random draws that depend on nothing but their key: same key, same draws, on any machine.

Only `random()` and arithmetic that IEEE 754 defines to the last bit are used: logarithms, powers
and the other methods of `random.Random` differ between platforms and Python versions.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_SPREAD = (0.12, 0.3, 0.46, 0.62, 0.8, 1.0, 1.24, 1.58, 2.1, 3.1, 6.0)
"""Deciles of a lopsided spread around a median of 1: mostly quick, at times very long."""


class Dice:
    """One stream of draws, named by its key."""

    __slots__ = ("_draw",)

    def __init__(self, *key: object) -> None:
        digest = hashlib.sha256("/".join(map(str, key)).encode()).digest()
        self._draw = random.Random(int.from_bytes(digest[:8], "big")).random

    def chance(self, share: float) -> bool:
        """True in this share of draws."""
        return self._draw() < share

    def between(self, low: float, high: float) -> float:
        """Any number from `low` up to `high`, all alike."""
        return low + (high - low) * self._draw()

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all alike."""
        return options[int(self._draw() * len(options))]

    def around(self, median: float) -> float:
        """A number with this median, at least 0.12 and at most 6 times as large."""
        reach = self._draw() * (len(_SPREAD) - 1)
        left = int(reach)
        return median * (_SPREAD[left] + (_SPREAD[left + 1] - _SPREAD[left]) * (reach - left))

    def count(self, mean: float) -> int:
        """A whole number around this mean."""
        return int(mean * self.between(0.4, 1.6) + self._draw())
