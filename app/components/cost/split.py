"""How a pool is split, in words."""

from __future__ import annotations

from data.costs.allocation.pool import Fallback, Method

WORDS = {
    Method.EVEN.value: "evenly",
    Method.FIXED.value: "by fixed shares",
    Method.DIRECT_COST.value: "by direct cost",
    Fallback.PREVIOUS.value: "as in the month before",
    Fallback.UNALLOCATED.value: "not at all",
}
"""Methods and fallbacks; a split by a driver names that."""


def split_words(method: str, driver: str | None) -> str:
    """How something was split, in words; with what was done since there was nothing to go by."""
    first, _, then = method.partition(", ")
    told = f"by {driver}" if first == Method.DRIVER.value and driver else WORDS.get(first, first)
    return f"{told}, of which nothing is known, so {WORDS.get(then, then)}" if then else told
