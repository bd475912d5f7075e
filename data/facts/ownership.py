"""Who owns a service: the first matching pattern over the teams in their order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
