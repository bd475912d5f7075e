"""What is said where nobody has nothing: that somebody has all of it, or that nothing is there."""

from __future__ import annotations

from data.costs.views.asked import Asked, answered
from data.store.snapshot import Snapshot


def somebody(snapshot: Snapshot, asked: Asked, what: str) -> str:
    """Says that somebody has each of what is billed, or why nobody can: as Markdown.

    Args:
        snapshot: whose costs.
        asked: which of them; nobody has nothing of these.
        what: `charge` or `resource`.
    """
    (found,) = answered(snapshot, "nobody_none", asked)
    loose = found["estimates_of_nobody"]
    if not found["charges"]:
        if not found["estimates"]:
            return "Nothing was billed in what is chosen here."
        of_them = f", and nobody has {_charges(loose)} of them" if loose else ""
        return (
            f":material/remove: Nothing is billed here: there are estimates alone{of_them}. "
            "Effective cost tells them."
        )
    if loose:
        return (
            f":material/check_circle: Somebody has each {what} that is billed. Of estimates, which "
            f"are not billed, nobody has {_charges(loose)}: effective cost tells them."
        )
    return f":material/check_circle: Somebody has each {what}."


def _charges(count: int) -> str:
    return "1 charge" if count == 1 else f"{count:,} charges"
