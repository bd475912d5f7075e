"""Since when controls stand as they do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from data.controls.history import Evaluated
from data.controls.state import State


@dataclass(frozen=True, slots=True)
class Lasting:
    """The state a control stands at, and since when."""

    state: State
    since: datetime
    """Until when the sources were read at the first evaluation that found it so; UTC."""
    is_first: bool
    """Whether that was the first evaluation there is: it may have stood so for longer."""


def lasting(evaluations: Iterable[Evaluated]) -> dict[str, Lasting]:
    """What each control stands at, from evaluations in their order."""
    found: dict[str, Lasting] = {}
    for one in evaluations:
        known = found.get(one.control)
        if known is None or known.state is not one.standing:
            found[one.control] = Lasting(one.standing, one.as_of, known is None)
    return found
