"""What happened in the organisation. Instants are whole seconds since 1970 in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field

from data.model import ChangeKind, DeploymentStatus


@dataclass(frozen=True, slots=True)
class Plan:
    """A change as its team made it, before it has a place on the mainline."""

    kind: ChangeKind
    title: str
    branch: str | None
    services: tuple[str, ...]
    first_commit_at: int
    opened_at: int | None
    reviewed_at: int | None
    commit_count: int = 1
    is_released_at_once: bool = False
    undone_after_seconds: int | None = None
    reverts: Landed | None = None


@dataclass(frozen=True, slots=True)
class Landed:
    """A change on the mainline; `position` counts from 1 in its repository."""

    repository: str
    position: int
    number: int | None
    merged_at: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class Release:
    """A commit of the mainline under the name it is deployed by."""

    position: int
    version: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the repository."""

    repository: str
    release: Release
    tagged_at: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deploy a release of a service; `attempt` counts from 1 in its run."""

    repository: str
    service: str
    environment: str
    release: Release
    status: DeploymentStatus
    started_at: int
    ended_at: int
    run: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Outage:
    """An incident; `cause` only where the status page names the deployment."""

    service: str | None
    environment: str | None
    title: str
    severity: str
    started_at: int
    resolved_at: int | None
    cause: Attempt | None = None
    reopened_count: int = 0

    def over_at(self, until_at: int) -> int | None:
        """When it was resolved, if that was before an instant."""
        is_over = self.resolved_at is not None and self.resolved_at < until_at
        return self.resolved_at if is_over else None


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened, repository by repository."""

    changes: list[Landed] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
