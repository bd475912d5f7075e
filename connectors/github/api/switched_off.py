"""Refusals that are no matter of rights: what was asked for is switched off, or not in the plan."""

from __future__ import annotations

import re

from connectors.github.asking import Asking
from connectors.http.errors import Forbidden, HttpError, NotFound
from data.model import Gap, GapReason

_WORDS = re.compile(
    r"(?i)\b(disabled|not enabled|must be enabled|no analysis found|not available|upgrade to"
    r"|archived|is not supported)"
)


def is_switched_off(error: HttpError) -> bool:
    """Whether the host says that there is no such thing, not that it may not be seen."""
    return isinstance(error, Forbidden | NotFound) and bool(_WORDS.search(error.what))


def switched_off(asking: Asking, where: str, kind: str, what: str, error: HttpError) -> Gap:
    """The gap of something that is switched off: none known is not none there.

    Args:
        asking: names the gap.
        where: repository or organisation.
        kind: the stream.
        what: what is switched off, in words.
        error: what the host said.
    """
    return asking.gap(
        where,
        f"{kind}/switched_off",
        GapReason.NOT_FOUND,
        f"{what} cannot tell anything ({error.what})",
        f"switch {what} on, if the plan has it; or leave it, and it stays unknown",
    )
