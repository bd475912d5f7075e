"""What teams and pools are called, by their ids: no id is a team's and a pool's at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.components import loaded
from data.costs.views.allocation import pools
from data.store.snapshot import Snapshot

NOBODY = "nobody"


def titles_of(snapshot: Snapshot) -> Mapping[str, str]:
    """Titles of all teams and pools; of a pool that changed, the last one."""
    found = {pool.pool: pool.title for pool in pools(snapshot)}
    return {**found, **{team.team: team.title for team in loaded.names(snapshot).teams}}


def way(path: Sequence[str | None], titles: Mapping[str, str]) -> str:
    """The pools that a charge came through, to who has it: `Support → Shared cluster → Web`."""
    return " → ".join(titles.get(one, one) if one else NOBODY for one in path)
