"""The people whom decisions name, of whatever kind: so that a reader may be shown none of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from data.decisions.decision import Decision
from data.decisions.member import member_of


def people(told: Iterable[Decision]) -> frozenset[str]:
    """Everyone who decided, attested, or is a member in a review of access."""
    return frozenset(name for one in told for name in _named(one) if name)


def _named(one: Decision) -> Iterator[str]:
    yield one.actor.strip()
    yield (one.value.get("attested_by") or "").strip()
    for kept in one.value.get("members") or ():
        member = member_of(kept)
        if member.person is not None:
            yield member.account
