"""Why an amount is not known, in a few words."""

from __future__ import annotations

from data.costs.views.told import Part

NOT_TOLD = "a bill does not tell it"


def why_unknown(lacking: int, untold: int) -> str | None:
    """The reason, or both; None: it is known.

    Args:
        lacking: rows without a rate.
        untold: rows of which the bill does not tell this cost.
    """
    said = ["a rate is missing"] if lacking else []
    said += [NOT_TOLD] if untold else []
    return " and ".join(said) or None


def why_none(sum_: Part) -> str:
    """Why there is no sum."""
    reason = why_unknown(sum_.lacking, sum_.untold)
    return "nothing is billed here" if reason is None else f"not known: {reason}"
