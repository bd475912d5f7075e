"""Reviews of access as controls read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from data.decisions.access_review import AccessReview


def reviewed(reviews: Iterable[AccessReview]) -> Iterator[Mapping[str, Any]]:
    """Rows of `access_review_decision`: one for each right that a review decided about."""
    for one in reviews:
        for member in one.members:
            choice = one.choices.get(member.id)
            if choice is not None:
                yield {
                    "review": one.id,
                    "source": member.source,
                    "kind": member.kind,
                    "scope": member.scope,
                    "subject": member.account,
                    "decision": choice.verdict.value,
                    "taken_at": one.taken_at,
                    "decided_at": choice.at,
                    "completed_at": one.closed.at if one.closed is not None else None,
                }
