"""What exceptions excuse of a figure: in words for people, as plain values for programs."""

from __future__ import annotations

from typing import Any

from app.wording import day as in_words
from data.metrics.excused import Excused


def summary(found: Excused) -> str:
    """How many of those that lack something may for a time: the figure counts them all the same."""
    if not found.lacking:
        return "None of them is known to lack anything."
    lacking = "1 lacks something" if found.lacking == 1 else f"{found.lacking:,} lack something"
    if found.until is None:
        return f"{lacking}; of these, none has an exception in force on {in_words(found.day)}."
    has = "1 has" if found.excused == 1 else f"{found.excused:,} have"
    return (
        f"{lacking}; of these, {has} an exception in force on {in_words(found.day)} "
        f"(the first until {in_words(found.until)}). The figure is the same without."
    )


def mark(found: Excused) -> dict[str, Any]:
    """The same for an answer, with the ids of the decisions."""
    return {
        "exceptions": {
            "day": found.day,
            "lacking": found.lacking,
            "excused": found.excused,
            "first_until": found.until,
            "decisions": list(found.decisions),
        }
    }
