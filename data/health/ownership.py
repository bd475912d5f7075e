"""What nobody owns, and the patterns that own nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Unowned:
    """A service that no team's pattern matches."""

    service: str
    repository: str | None
    url: str | None
    last_deployed_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnownedRepository:
    """A repository that no team's pattern names and that no owned service is built from."""

    repository: str
    source: str
    url: str | None
    commit_count: int


@dataclass(frozen=True, slots=True)
class IdlePattern:
    """A pattern of a team that matches no service and no repository."""

    team: str
    pattern: str


def unowned(snapshot: Snapshot) -> tuple[Unowned, ...]:
    """Services without an owner, those deployed last first."""
    rows = snapshot.rows(
        """
        -- One row is one service that nobody owns.
        select
            o.service,
            o.repository,
            o.url,
            max(w.last_at) as last_deployed_at
        from owned_service o
        left join service_watch w
          on w.service = o.service
        where o.pattern is null
        group by o.service, o.repository, o.url
        order by last_deployed_at desc nulls last, o.service
        """
    )
    return tuple(Unowned(**row) for row in rows)


def unowned_repositories(snapshot: Snapshot) -> tuple[UnownedRepository, ...]:
    """Repositories without an owner, by name."""
    rows = snapshot.rows(
        """
        -- One row is one repository that nobody owns, as one source tells it.
        select
            r.name as repository,
            r.source,
            r.url,
            r.commit_count
        from unowned_repository u
        join repository r
          on r.name = u.repository
        order by r.name, r.source
        """
    )
    return tuple(UnownedRepository(**row) for row in rows)


def idle_patterns(snapshot: Snapshot) -> tuple[IdlePattern, ...]:
    """Patterns that match nothing: a typing error, or something that is gone."""
    rows = snapshot.rows("select team, pattern from idle_pattern order by team, pattern")
    return tuple(IdlePattern(**row) for row in rows)
