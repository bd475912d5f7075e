"""How a pool is split, in words."""

from __future__ import annotations

from data.costs.allocation.pool import Fallback, Method
from data.costs.allocation.pooled import ABSENT, Lack

WORDS = {
    Method.EVEN.value: "evenly",
    Method.FIXED.value: "by fixed shares",
    Method.DIRECT_COST.value: "by direct cost",
    Fallback.PREVIOUS.value: "as in the month before",
    Fallback.UNALLOCATED.value: "not at all",
    ABSENT: "not at all, as the pool is not in force in that month",
}
"""Methods and fallbacks; a split by a driver names that."""


def driver_words(driver: str) -> str:
    """What a driver is called: `pipeline minutes`."""
    return driver.replace("_", " ")


def split_words(method: str, driver: str | None) -> str:
    """How something was split, in words; with what was done since there was nothing to go by."""
    first, *why = method.split(", ")
    told = WORDS.get(first, first)
    if first == Method.DRIVER.value and driver:
        told = f"by {driver_words(driver)}"
    if not why:
        return told
    *lack, then = why
    known = "not all is known" if Lack.UNKNOWN.value in lack else "nothing is known"
    return f"{told}, of which {known}, so {WORDS.get(then, then)}"
