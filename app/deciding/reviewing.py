"""Reviews of access against snapshots: what is taken down, and what became of what was decided."""

from __future__ import annotations

from collections.abc import Mapping

from data.decisions.access_review import AccessReview
from data.decisions.reviewing import Taken
from data.decisions.scope import Scope
from data.inventory.access import members
from data.store.snapshot import Snapshot


def taken(snapshot: Snapshot, scope: Scope) -> Taken:
    """The rights in a scope, as a snapshot tells them.

    Raises:
        ScopeRefused: if rights are not told by such a scope.
    """
    return Taken(scope, snapshot.id, snapshot.as_of, members(snapshot, scope))


def still_there(snapshot: Snapshot, review: AccessReview) -> Mapping[str, bool]:
    """Of members to be removed: whether they are there in a snapshot that was read later.

    One whose source tells of nobody any more is left out: nobody knows.

    Args:
        snapshot: the newest.
        review: what was decided.
    """
    removed = [one for one in review.members if review.is_removed(one)]
    now = members(snapshot, review.scope) if removed else ()
    sources = {one.source for one in now}
    there = {one.id for one, _ in review.still_there(now)}
    return {
        one.id: one.id in there
        for one in removed
        if one.source in sources and review.choices[one.id].at < snapshot.as_of
    }
