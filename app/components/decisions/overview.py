"""What waits, what is in force, and what ends soon, in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from app.components.decisions.words import count
from data.controls.answering import Answered, Standing
from data.decisions.access_review import AccessReview
from data.decisions.access_review import State as ReviewState
from data.decisions.waiver import State, Waiver

_SOON = (14, 30)
"""Days within which an end is told beforehand."""


def overview(
    waivers: Sequence[Waiver],
    answered: Mapping[str, Answered],
    reviews: Iterable[AccessReview],
    today: date,
) -> str:
    """The line, in Markdown."""
    states = Counter(one.state(today) for one in waivers)
    in_force = [one for one in waivers if one.state(today) is State.IN_FORCE]
    soon = " and ".join(
        f"**{sum(one.until <= today + timedelta(days=days) for one in in_force)}** within {days}"
        for days in _SOON
    )
    ends = f", ending: {soon} days" if in_force else ""
    waits = "waits for an answer" if states[State.REQUESTED] == 1 else "wait for an answer"
    told = (
        f"**{states[State.REQUESTED]}** {waits} · **{states[State.IN_FORCE]}** in force{ends} · "
        f"**{states[State.EXPIRED]}** expired"
    )
    parts = [
        f"**Waivers:** {told}",
        f"**Attestations:** {_standing(answered)}",
        f"**Reviews of access:** {_open(reviews, today)}",
    ]
    return "  \n".join(parts)


def _standing(answered: Mapping[str, Answered]) -> str:
    states = Counter(one.standing for one in answered.values())
    told = " · ".join(f"**{states[one]}** {one.value}" for one in Standing if states[one])
    return f"of {count(len(answered), 'control')} {told}" if told else "no control asks people"


def _open(reviews: Iterable[AccessReview], today: date) -> str:
    states = Counter(one.state(today) for one in reviews)
    told = " · ".join(f"**{states[one]}** {one.value}" for one in ReviewState if states[one])
    return told or "none was started"
