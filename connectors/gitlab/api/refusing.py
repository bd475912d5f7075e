"""What a look was refused, told as gaps: one for all that is refused for the same reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from connectors.gitlab.api.daily import is_absent
from connectors.gitlab.asking import Asking
from connectors.interface import Json
from data.model import Gap, GapReason

MOST_ASKED_AGAIN = 20
"""Refused questions of one look that are asked at each sync; the others wait for the day.

A right to a group holds for all groups below, so what a thousand of them refuse alike shows by the
first ones.
"""
_STAYS = "; what was known before stays, and with it what may be gone by now"


def refused_gaps(
    asking: Asking,
    where: str,
    kind: str,
    refused: Mapping[str, Json],
    words: Mapping[str, str],
    fix: str,
    lost: Collection[str] = (),
) -> Iterator[Gap]:
    """Yields what is not known, and why.

    What follows a slash in the name of a question tells of which of several groups it was asked.

    Args:
        asking: names the gaps.
        where: project or group.
        kind: the stream.
        refused: refusals by the names of their questions.
        words: what each question asks for.
        fix: what the reader can do.
        lost: those that were answered before.
    """
    for reason in (GapReason.NO_PERMISSION, GapReason.NOT_FOUND):
        of_reason = {name: each for name, each in refused.items() if _reason(each) is reason}
        if of_reason:
            parts = dict.fromkeys(name.partition("/")[0] for name in of_reason)
            names = ", ".join(words[part] for part in parts)
            said = next(iter(of_reason.values()))["what"]
            why = (
                "this token may not see it, or the plan has no such thing"
                if reason is GapReason.NO_PERMISSION
                else "the plan has no such thing, or it is hidden from this token"
            )
            stays = _STAYS if not of_reason.keys().isdisjoint(lost) else ""
            what = f"{names}: not told ({said}): {why}{stays}"
            yield asking.gap(where, kind, reason, what, f"{fix}; {_when(reason, len(of_reason))}")


def _reason(told: Json) -> GapReason:
    return GapReason.NOT_FOUND if is_absent(told) else GapReason.NO_PERMISSION


def _when(reason: GapReason, count: int) -> str:
    if reason is GapReason.NOT_FOUND:
        return "it is asked for once a day"
    if count > MOST_ASKED_AGAIN:
        return f"{MOST_ASKED_AGAIN} of {count} are asked for again at each sync, all once a day"
    return "it is asked for again at each sync"
