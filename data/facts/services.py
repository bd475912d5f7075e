"""Which services there are, and what each is built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb

from data.configuration import Configuration


@dataclass(frozen=True, slots=True)
class KnownService:
    """A service that is declared, deployed, changed or hit by an incident."""

    name: str
    repository: str | None
    path: str | None
    """Folder of a shared repository; None: the whole repository, as far as is known."""
    is_deployed: bool
    """Whether anything tells of it running: a deployment, even a failed one, or an incident."""
    is_configured: bool = False
    """Whether the configuration says its repository: then no deployment says another."""


# What deployments say of the repository goes before what is declared, and that before what
# changes say; equal voices are settled by name, so that the same rows give the same answer.
_SERVICES = """
select
    service,
    substr(min(cast(rank as varchar) || repository), 2) as repository,
    max(path) as path,
    bool_or(is_deployed) as is_deployed
from (
    select distinct
        service,
        repository,
        null as path,
        1 as rank,
        true as is_deployed
    from deployment
    union all
    select
        name,
        repository,
        path,
        2,
        false
    from service
    union all
    select distinct
        unnest(services),
        repository,
        null,
        3,
        false
    from change
    union all
    select distinct
        service,
        null,
        null,
        4,
        true
    from incident
    where service is not null
    union all
    select distinct
        coalesce(service, '(not told)'),
        null,
        null,
        5,
        true
    from alert
    union all
    select distinct
        coalesce(service, '(not told)'),
        null,
        null,
        5,
        true
    from indicator
) mentioned
group by service
order by service
"""


def known_services(
    connection: duckdb.DuckDBPyConnection, configuration: Configuration
) -> list[KnownService]:
    """Every service of the working database and the configuration, by name.

    A repository's changes are told for a service of its own name unless its source knows better.
    Where that service never runs and others are built from the whole repository, it is no more
    than a stand-in for them and left out.
    """
    told = {row[0]: KnownService(*row) for row in connection.execute(_SERVICES).fetchall()}
    configured = {service.name: service for service in configuration.service}
    for name, service in configured.items():
        before = told.get(name, KnownService(name, None, None, is_deployed=False))
        told[name] = replace(
            before,
            repository=service.repository or before.repository,
            path=service.path or before.path,
            is_configured=service.repository is not None,
        )
    return [
        service
        for name, service in sorted(told.items())
        if name in configured or not _is_stand_in(service, told)
    ]


def _is_stand_in(service: KnownService, told: Mapping[str, KnownService]) -> bool:
    return (
        service.name == service.repository
        and not service.is_deployed
        and any(
            other.repository == service.repository and other.path is None and other.is_deployed
            for other in told.values()
            if other is not service
        )
    )
