"""Regular expressions that somebody wrote into the configuration."""

from __future__ import annotations

import re


def compiled(expression: str, flags: int = 0) -> re.Pattern[str]:
    """The expression, ready to match.

    Raises:
        ValueError: if it is wrong, in words that follow upon its name.
    """
    try:
        return re.compile(expression, flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is no regular expression: {error}") from error
