"""What the facts need beside the canonical rows: owners, tiers, clocks, settings, sources.

Computed from the configuration and written into the snapshot as plain tables, so that every
fact is one SELECT that an auditor can run again.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

import duckdb
import pyarrow as pa

from data.configuration import Configuration, Tier
from data.facts.clocks import stretches
from data.facts.expected import environments_of, write_expected
from data.facts.ownership import (
    UNOWNED,
    idle_patterns,
    owners,
    repository_owners,
    unowned_repositories,
    zone_of,
)
from data.facts.services import known_services
from data.facts.table import TIME, create
from data.facts.things import KINDS, things, write_things


def write_inputs(
    connection: duckdb.DuckDBPyConnection, into: str, configuration: Configuration
) -> None:
    """Creates the input tables in the attached database `into`."""
    services = known_services(connection, configuration)
    owned = owners(configuration, services)
    create(connection, into, "service_owner", [asdict(owner) for owner in owned], _OWNER)
    found = {kind: things(connection, configuration, kind) for kind in KINDS}
    for kind, some in found.items():
        write_things(connection, into, kind, some)
    write_expected(connection, into, configuration, found["model"], found["pipeline"])
    repositories = _repositories(connection)
    names = {kind: [thing.name for thing in some] for kind, some in found.items()}
    idle = [
        {"team": team, "pattern": pattern}
        for team, pattern in idle_patterns(configuration, services, repositories, names)
    ]
    create(connection, into, "idle_pattern", idle, _IDLE)
    of_repositories = repository_owners(configuration, owned, repositories)
    owned_repositories = [asdict(owner) for owner in of_repositories]
    create(connection, into, "repository_owner", owned_repositories, _REPOSITORY_OWNER)
    nobodys = [
        {"repository": name} for name in unowned_repositories(configuration, owned, repositories)
    ]
    create(connection, into, "unowned_repository", nobodys, _NOBODYS)
    create(connection, into, "team", _teams(configuration), _TEAM)
    create(connection, into, "environment_tier", _tiers(connection, configuration), _TIER)
    create(connection, into, "annotation", _annotations(configuration), _ANNOTATION)
    create(connection, into, "setting", [_setting(configuration)], _SETTING)
    zones = {owner.timezone for owner in owned} | {configuration.organisation.timezone}
    zones |= {thing.timezone for some in found.values() for thing in some}
    zones |= {owner.timezone for owner in of_repositories}
    clocks = [asdict(s) for zone in sorted(zones) for s in stretches(zone, *_span(connection))]
    create(connection, into, "local_clock", clocks, _CLOCK)


_OWNER = {"service": pa.string(), "repository": pa.string(), "path": pa.string(),
          "is_configured": pa.bool_(), "team": pa.string(), "timezone": pa.string(),
          "pattern": pa.string()}  # fmt: skip
_REPOSITORY_OWNER = dict.fromkeys(("repository", "team", "timezone"), pa.string())
_NOBODYS = {"repository": pa.string()}
_IDLE = {"team": pa.string(), "pattern": pa.string()}
_TEAM = {"team": pa.string(), "title": pa.string(), "parent": pa.string(),
         "timezone": pa.string(), "members": pa.list_(pa.string())}  # fmt: skip
_TIER = {"environment": pa.string(), "tier": pa.string()}
_ANNOTATION = {"from_date": pa.date32(), "to_date": pa.date32(), "text": pa.string(),
               "team": pa.string()}  # fmt: skip
_SETTING = {"organisation": pa.string(), "timezone": pa.string(),
            "incident_gap_seconds": pa.int64()}  # fmt: skip
_CLOCK = {"timezone": pa.string(), "from_at": TIME, "until_at": TIME,
          "offset_seconds": pa.int64()}  # fmt: skip


def _repositories(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute("select distinct name from repository order by 1").fetchall()
    return [name for (name,) in found]


def _teams(configuration: Configuration) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {
            "team": team.name,
            "title": team.title or team.name,
            "parent": team.parent,
            "timezone": zone_of(configuration, team),
            "members": _family(configuration, team.name),
        }
        for team in configuration.team
    ]
    unowned = {"team": UNOWNED, "title": "Unowned", "parent": None, "members": [UNOWNED]}
    return [*rows, {**unowned, "timezone": configuration.organisation.timezone}]


def _family(configuration: Configuration, team: str) -> list[str]:
    children = [t.name for t in configuration.team if t.parent == team]
    return [team, *(name for child in children for name in _family(configuration, child))]


def _tiers(
    connection: duckdb.DuckDBPyConnection, configuration: Configuration
) -> list[dict[str, object]]:
    names = connection.execute(
        """
        select environment from deployment
        union
        select environment from incident where environment is not null
        union
        select environment from alert where environment is not null
        union
        select environment from indicator where environment is not null
        union
        select 'production'
        """
    ).fetchall()
    known = sorted({name for (name,) in names} | environments_of(configuration))
    return [{"environment": name, "tier": tier_of(configuration, name)} for name in known]


def tier_of(configuration: Configuration, environment: str) -> str:
    """The tier of an environment: the first whose patterns match its name, in any case."""
    for tier, patterns in configuration.environments.items():
        if any(fnmatchcase(environment.lower(), pattern.lower()) for pattern in patterns):
            return tier.value
    return Tier.OTHER.value


def _annotations(configuration: Configuration) -> list[dict[str, object]]:
    return [
        {"from_date": a.from_, "to_date": a.to, "text": a.text, "team": a.team}
        for a in configuration.annotation
    ]


def _setting(configuration: Configuration) -> dict[str, object]:
    return {
        "organisation": configuration.organisation.name,
        "timezone": configuration.organisation.timezone,
        "incident_gap_seconds": int(
            timedelta(days=configuration.organisation.incident_gap_days).total_seconds()
        ),
    }


_EPOCH, _END = datetime(1970, 1, 2, tzinfo=UTC), datetime(2110, 1, 1, tzinfo=UTC)


def _span(connection: duckdb.DuckDBPyConnection) -> tuple[datetime, datetime]:
    """The years that rows lie in, a day wider; times far off keep the nearest offset."""
    table = connection.sql(
        """
        select
            min(moment) as first,
            max(moment) as last
        from (
            select deployed_at as moment from deployment
            union all
            select merged_at from change
            union all
            select tagged_at from version
            union all
            select happened_at from audit_event
            union all
            select occurred_before_at from model_event
            union all
            select created_at from pipeline_run
            union all
            select coalesce(finished_at, started_at) from training_run
            union all
            select checked_at from data_check
            union all
            select opened_at from security_finding
            union all
            select started_at from alert
            union all
            select started_at from incident
            union all
            select from_at from indicator
            union all
            select from_at from imported_value
            union all
            select until_at from imported_value
            union all
            select from_at from bill_part
            union all
            select coalesce(complete_until, read_at) from stream
        ) moments
        """
    ).to_arrow_table()
    first, last = (table[column][0].as_py() for column in ("first", "last"))
    day = timedelta(days=1)
    start = max(first, _EPOCH) if first else _EPOCH
    end = min(last, _END) if last else start
    return start - day, max(end, start) + day
