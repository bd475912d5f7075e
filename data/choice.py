"""One name out of those there are."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from data.errors import WrongQuestion

_MOST_LISTED = 12


def require(error: type[WrongQuestion], what: str, name: str, known: Sequence[str]) -> None:
    """Makes sure that a name is among those known.

    Raises:
        WrongQuestion: of the given class, naming the nearest or the valid names.
    """
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    listed = ", ".join(known[:_MOST_LISTED]) + (" …" if len(known) > _MOST_LISTED else "")
    fix = f"did you mean `{near[0]}`?" if near else f"use one of: {listed}" if known else "none yet"
    raise error(f"there is no {what} `{name}`", "", fix)
