"""Who owns a service: the first matching pattern over the teams in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from data.configuration import Configuration, Team
from data.facts.services import KnownService

UNOWNED = "unowned"
"""Team of what no pattern matches: a name of its own, so that nothing drops out of a sum."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of one service, its time zone, and the pattern that decided."""

    service: str
    repository: str | None
    path: str | None
    is_configured: bool
    team: str
    timezone: str
    pattern: str | None


@dataclass(frozen=True, slots=True)
class RepositoryOwner:
    """The owner of a repository as a whole, and its time zone."""

    repository: str
    team: str
    timezone: str


def owners(configuration: Configuration, services: Sequence[KnownService]) -> list[Owner]:
    """Finds the owner of each service."""
    return [_owner(configuration, service) for service in services]


def idle_patterns(
    configuration: Configuration,
    services: Sequence[KnownService],
    repositories: Collection[str],
    others: Mapping[str, Collection[str]],
) -> list[tuple[str, str]]:
    """Lists the (team, pattern) pairs that match nothing at all.

    Args:
        configuration: teams and their patterns.
        services: all there are.
        repositories: names of all there are.
        others: names of what there is beside them, by kind.
    """
    return [
        (team.name, pattern)
        for team in configuration.team
        for pattern in team.owns
        if not any(_matches(pattern, service) for service in services)
        and not any(_is_named(pattern, repository) for repository in repositories)
        and not any(
            fnmatchcase(name, pattern.partition(":")[2])
            for name in others.get(pattern.partition(":")[0], ())
        )
    ]


def unowned_repositories(
    configuration: Configuration, owned: Sequence[Owner], repositories: Collection[str]
) -> list[str]:
    """Lists the repositories that no pattern names and that no owned service is built from."""
    built_from = {owner.repository for owner in owned if owner.pattern is not None}
    patterns = [pattern for team in configuration.team for pattern in team.owns]
    return [
        repository
        for repository in repositories
        if repository not in built_from
        and not any(_is_named(pattern, repository) for pattern in patterns)
    ]


def repository_owners(
    configuration: Configuration, owned: Sequence[Owner], repositories: Iterable[str]
) -> list[RepositoryOwner]:
    """Finds the owner of each repository as a whole.

    The first team whose pattern names it; else the one team that owns all services built from it;
    else nobody: what several teams share belongs to none of them.
    """
    builders: dict[str | None, set[str]] = {}
    for owner in owned:
        builders.setdefault(owner.repository, set()).add(owner.team)
    zones = {team.name: zone_of(configuration, team) for team in configuration.team}
    found = []
    for name in repositories:
        teams = [t.name for t in configuration.team if any(_is_named(p, name) for p in t.owns)]
        built_by = builders.get(name, set())
        team = teams[0] if teams else min(built_by) if len(built_by) == 1 else UNOWNED
        zone = zones.get(team, configuration.organisation.timezone)
        found.append(RepositoryOwner(name, team, zone))
    return found


def zone_of(configuration: Configuration, team: Team | None) -> str:
    """The team's time zone, else its nearest ancestor's, else the organisation's."""
    teams = {t.name: t for t in configuration.team}
    while team is not None:
        if team.timezone is not None:
            return team.timezone
        team = teams.get(team.parent) if team.parent else None
    return configuration.organisation.timezone


def _owner(configuration: Configuration, service: KnownService) -> Owner:
    what = (service.name, service.repository, service.path, service.is_configured)
    for team in configuration.team:
        for pattern in team.owns:
            if _matches(pattern, service):
                return Owner(*what, team.name, zone_of(configuration, team), pattern)
    return Owner(*what, UNOWNED, configuration.organisation.timezone, None)


def _matches(pattern: str, service: KnownService) -> bool:
    kind, _, glob = pattern.partition(":")
    if kind == "service":
        return fnmatchcase(service.name, glob)
    return service.repository is not None and _is_named(pattern, service.repository)


def _is_named(pattern: str, repository: str) -> bool:
    kind, _, glob = pattern.partition(":")
    return kind == "repo" and fnmatchcase(repository, glob)
