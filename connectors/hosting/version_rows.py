"""What a release or a tag is, and what it deploys where the user says that they are deployments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.git.deploy_tags import is_prerelease
from connectors.hosting.asking import HostAsking
from connectors.hosting.deployment_rule import DeploymentSource, Named
from data.model import Deployment, DeploymentStatus, Version


@dataclass(frozen=True, slots=True)
class Told:
    """A release or a tag as a host tells it."""

    repository: str
    id: str
    """Of its rows."""
    url: str
    name: str
    """Of the tag."""
    sha: str | None
    """The commit; null if the tag is gone or names something else."""
    at: datetime | None
    is_preview: bool = False
    """Whether its author calls it one; where the host knows no such word, its name does."""
    author: str | None = None


def version(asking: HostAsking[Any], told: Told) -> Version:
    """The name that was given to a commit."""
    return Version(
        id=told.id,
        source=asking.source,
        url=told.url,
        repository=told.repository,
        name=told.name,
        sha=told.sha,
        tagged_at=told.at,
        position=None,
    )


def deployments(
    asking: HostAsking[Any], source: DeploymentSource, told: Told
) -> Iterator[Deployment]:
    """What it deploys by the first rule that its name fits; what has no time deploys nothing."""
    named = _named(asking, source, told)
    if named is None or told.at is None:
        return
    service, number = named.service or told.repository, named.version or told.name
    yield Deployment(
        id=told.id,
        source=asking.source,
        url=told.url,
        service=service,
        environment=asking.environment(named.environment),
        repository=told.repository,
        sha=told.sha,
        version=number,
        status=DeploymentStatus.SUCCESS.value,
        started_at=None,
        deployed_at=told.at,
        run=told.id,
        attempt=1,
        title=f"{service} {number}",
        triggered_by=told.author,
    )


def _named(asking: HostAsking[Any], source: DeploymentSource, told: Told) -> Named | None:
    for rule in asking.rules.of(told.repository, source):
        named = rule.read(told.name)
        if named is not None:
            is_preview = told.is_preview or is_prerelease(named.version or told.name)
            return None if is_preview and not rule.include_prereleases else named
    return None
