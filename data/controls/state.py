"""What a member of a population, and a control as a whole, can come to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    """What a control says of one member of its population, or as a whole."""

    PASS = "pass"  # noqa: S105 - a state, no secret
    FAIL = "fail"
    ERROR = "error"
    """The control itself could not be evaluated."""
    UNKNOWN = "unknown"
    """Nobody can tell: neither a pass nor a fail. See `Reason`."""
    NOT_APPLICABLE = "not_applicable"
    MANUAL = "manual"
    """A person answered for it, until a day."""


class Reason(StrEnum):
    """Why a state is unknown."""

    NO_PERMISSION = "no_permission"
    """The source refuses what is needed."""
    NO_DATA = "no_data"
    """The source tells such things, and told nothing of this one."""
    STALE = "stale"
    """What is known is older than the control allows."""
    NOT_SUPPORTED = "not_supported"
    """The source never tells what is needed."""
    NOT_ATTESTED = "not_attested"
    """Nobody has answered for it, or the answer has expired."""
    WITHHELD = "withheld"
    """It is about too few people to be told where names are hidden."""


_WORST_FIRST = (
    State.FAIL,
    State.ERROR,
    State.UNKNOWN,
    State.MANUAL,
    State.PASS,
    State.NOT_APPLICABLE,
)


def whole(states: Iterable[State]) -> State:
    """The state of a control whose members have these; of an empty population not applicable."""
    found = set(states)
    return next((state for state in _WORST_FIRST if state in found), State.NOT_APPLICABLE)
