"""An invented history of any size in canonical rows, with all that makes facts work for it.

Services deploy at an even pace. Some fail, roll back, deploy a version again, deploy from tags,
branches or short hashes, share a repository, or say nothing of what they deploy; some changes
revert others, are hotfixes or picks; some deployments are followed by incidents. Everything is
computed from the number of the row, so the same size is always the same history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from data.configuration import Configuration, Organisation, Team
from data.model import ENTITIES

CHANGES_PER_DEPLOYMENT = 3
END = "2026-11-01"
TEAMS = 100
_A_YEAR = 250
_ZONES = ("Europe/Lisbon", "Asia/Tokyo", "America/Toronto", "UTC")


@dataclass(frozen=True, slots=True)
class Size:
    """How many deployments, and over how many years up to `END`."""

    deployments: int
    years: int = 2

    @property
    def per_service(self) -> int:
        """Deployments of one service: the same pace whatever the size."""
        return min(_A_YEAR * self.years, self.deployments)

    @property
    def services(self) -> int:
        """Services that deploy."""
        return self.deployments // self.per_service


def configuration() -> Configuration:
    """A hundred teams in ten departments and four time zones that own all services."""
    departments = [Team(name=f"department-{d}") for d in range(10)]
    teams = [
        Team(
            name=f"team-{t:02}",
            parent=f"department-{t % 10}",
            timezone=_ZONES[t % len(_ZONES)],
            owns=(f"service:app-{t:02}-*",),
        )
        for t in range(TEAMS)
    ]
    organisation = Organisation(name="Benchmark")
    return Configuration(organisation=organisation, team=(*departments, *teams))


def tables(size: Size) -> dict[str, pa.Table]:
    """The history as Arrow tables by entity, as connectors hand them over."""
    with duckdb.connect() as connection:
        _prepare(connection, size)
        return {entity: _shaped(connection, entity, select) for entity, select in _SELECTS.items()}


def fill(connection: duckdb.DuckDBPyConnection, size: Size) -> None:
    """Writes the history into the empty tables of a working database, without Arrow between."""
    _prepare(connection, size)
    for entity, select in _SELECTS.items():
        connection.execute(
            f"""
            insert into {entity} by name
            select *, 'history' as stream, timestamptz '{END}' as observed_at, '' as evidence
            from ({select})
            """
        )


def _shaped(connection: duckdb.DuckDBPyConnection, entity: str, select: str) -> pa.Table:
    declared = ENTITIES[entity]
    told = connection.sql(select).columns
    columns = ", ".join(
        f'cast({c.name if c.name in told else "null"} as {c.duckdb_type}) as "{c.name}"'
        for c in declared.columns
    )
    rows = connection.sql(f"select {columns} from ({select})").to_arrow_table()
    return rows.cast(declared.schema)


def _prepare(connection: duckdb.DuckDBPyConnection, size: Size) -> None:
    connection.execute("set timezone = 'UTC'")
    for macro in _MACROS.format(
        deployments=size.deployments,
        services=size.services,
        per_service=size.per_service,
        changes=CHANGES_PER_DEPLOYMENT,
        days=365 * size.years,
        end=END,
        teams=TEAMS,
    ).split(";"):
        connection.execute(macro)


_MACROS = """
create or replace temp macro app(s) as printf('app-%02d-%d', s // 20 % {teams}, s);
create or replace temp macro home(s) as
    case when s % 20 = 6 then 'repo-' || (s - 1) else 'repo-' || s end;
create or replace temp macro dice(i, salt) as ((i * 48271 + salt * 7919) % 2147483647) % 1000;
create or replace temp macro moment(part) as
    timestamptz '{end}' - interval '{days} days'
    + to_microseconds(cast(part * {days} * 86400e6 as bigint));
create or replace temp macro ended(j, chance) as moment((j + 1 + chance / 3000) / {per_service});
create or replace temp macro word(i, salt) as
    ['invoice', 'ledger', 'search', 'basket', 'label', 'customs', 'pallet', 'route', 'quote',
     'refund', 'courier', 'address', 'parcel', 'tariff', 'voucher', 'schedule']
    [1 + dice(i, salt) % 16];
create or replace temp view slot as
    select
        i,
        i // {per_service} as s,
        i % {per_service} as j,
        i // {per_service} % 20 as habit,
        dice(i, 1) as chance
    from range({services} * {per_service}) t (i);
create or replace temp view attempt as
    select
        *,
        case when chance = 200 and j > 0 then j - 1 else j end as told,
        greatest({changes}, {changes} * case
            when chance < 20 then j - 1
            when chance < 35 then j
            when habit = 7 then j - j % 2 + 1
            when habit = 10 and chance between 300 and 399 then j + 2
            else j + 1
        end) as position
    from slot;
create or replace temp view landing as
    select
        s,
        habit,
        i * {changes} + k as n,
        j * {changes} + k + 1 as position,
        dice(i * {changes} + k, 3) as chance,
        moment((j * {changes} + k + 0.5) / ({per_service} * {changes})) as merged_at
    from slot, range({changes}) u (k);
create or replace temp view outage as
    select
        i,
        s,
        j,
        chance,
        j * {changes} + 2 as brought,
        ended(j, chance) + interval '2 hours' as started_at
    from slot
    where chance between 100 and 114
"""

_SELECTS: Mapping[str, str] = {
    "repository": """
        select
            'bench:' || name as id,
            'bench' as source,
            'https://git.example/' || name as url,
            name,
            'main' as default_branch,
            null as head_sha,
            false as is_shallow,
            0 as commit_count
        from (
            select distinct home(s) as name
            from slot
        )
    """,
    "service": """
        select
            'bench:service/' || app(s) as id,
            'bench' as source,
            null as url,
            app(s) as name,
            home(s) as repository,
            case when habit in (5, 6) then 'apps/' || app(s) end as path
        from slot
        where j = 0
    """,
    "change": """
        select
            'bench:repo-' || s || '#pull/' || position as id,
            'bench' as source,
            'https://git.example/repo-' || s || '/pull/' || position as url,
            'repo-' || s as repository,
            cast(position as varchar) as number,
            case when s % 2 = 0 then 'merge' else 'squash' end as kind,
            case when chance between 12 and 19 then 'Hotfix: ' else '' end
                || 'Teach the ' || word(n, 5) || ' about a ' || word(n, 6) || ' ' || n as title,
            case when s % 2 = 0 then 'topic/' || word(n, 7) || '-' || n end as branch,
            sha1('repo-' || s || '/' || position) as landed_sha,
            case when s % 2 = 0 then sha1('head-' || s || '/' || position) end as head_sha,
            position,
            1 + chance % 4 as commit_count,
            case
                when chance between 20 and 24 then merged_at + interval '30 days'
                when chance >= 5 then merged_at - to_minutes(60 + chance * 7)
            end as first_commit_at,
            case when s % 2 = 0 then merged_at - to_minutes(50 + chance) end as opened_at,
            case when s % 2 = 0 then merged_at - to_minutes(10 + chance // 2) end as reviewed_at,
            merged_at,
            case
                when habit = 6 then [app(s) || '-library']
                when habit = 5 and position % 5 = 0 then [app(s), app(s + 1)]
                else [app(s)]
            end as services,
            case
                when chance between 5 and 8 then cast(position - 1 as varchar)
                when chance between 9 and 11 then cast(position - 4 as varchar)
            end as reverts,
            chance between 12 and 19 as is_hotfix
        from landing
    """,
    "commit": """
        select
            'bench:repo-' || s || '#commit/pick/' || position as id,
            'bench' as source,
            null as url,
            'repo-' || s as repository,
            sha1('pick-' || s || '/' || position) as sha,
            [sha1('repo-' || s || '/' || (position - 1))] as parents,
            merged_at as authored_at,
            merged_at as committed_at,
            'Picked' as subject,
            null as position,
            false as is_mainline,
            null as reverts_sha,
            sha1('repo-' || s || '/' || (position + 3)) as picked_sha,
            'v' || position as first_version
        from landing
        where habit in (0, 1)
          and chance < 20
    """,
    "version": """
        select
            'bench:repo-' || s || '#tag/v' || position as id,
            'bench' as source,
            null as url,
            'repo-' || s as repository,
            'v' || position as name,
            sha1('repo-' || s || '/' || position) as sha,
            merged_at as tagged_at,
            position
        from landing
        where habit in (0, 1)
    """,
    "deployment": """
        select
            'bench:' || home(s) || '#run/' || i as id,
            'bench' as source,
            'https://git.example/' || home(s) || '/runs/' || i as url,
            app(s) as service,
            case when habit = 7 and j % 2 = 0 then 'staging' else 'production' end as environment,
            case when habit = 8 then null else home(s) end as repository,
            case
                when habit in (0, 1, 4) then null
                when chance between 60 and 69 then sha1('elsewhere-' || i)
                when habit = 10 then sha1('head-' || s || '/' || position)
                when habit = 3 then left(sha1(home(s) || '/' || position), 10)
                else sha1(home(s) || '/' || position)
            end as sha,
            case
                when habit in (0, 1) then 'v' || position
                when habit = 4 then 'build-' || position
            end as version,
            case when chance between 35 and 59 then 'failed' else 'success' end as status,
            ended(j, chance) - interval '9 minutes' as started_at,
            ended(j, chance) as deployed_at,
            cast(i - j + told as varchar) as run,
            1 as attempt,
            app(s) || ' ' || position as title
        from attempt
    """,
    "incident": """
        select
            'bench:incident/' || i as id,
            'bench' as source,
            'https://git.example/incidents/' || i as url,
            app(s) as service,
            null as environment,
            'The ' || word(i, 8) || ' does not load' as title,
            'high' as severity,
            started_at,
            case when chance < 113 then started_at + to_minutes(20 * (chance - 90)) end
                as resolved_at,
            case
                when chance % 2 = 0 then 'bench:' || home(s) || '#run/' || i
                when chance % 4 = 1 then sha1(home(s) || '/' || brought)
            end as deployment,
            0 as reopened_count,
            false as is_withdrawn
        from outage
    """,
}
