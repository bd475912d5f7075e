"""The demo organisation's two years: rows that hang together, and stories a leader can see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import duckdb
import pytest

from connectors.demo import Demo, DemoSettings
from connectors.demo.costs.story import story as story_of_costs
from connectors.demo.feeds import feeds
from connectors.demo.governance import governance
from connectors.demo.learning import learning
from connectors.demo.organisation import Team, organisation
from connectors.interface import Batch, Context
from data.configuration import Configuration, load
from data.facts.ownership import owners
from data.facts.services import KnownService
from data.model import ENTITIES, ENTITY_OF, Change, Record

FAILURES = """
-- One row is one production step of a service and whether it went wrong.
create table step as
with success as (
    select d.*, t.team, t.timezone, coalesce(c.position, v.position) as position,
           timezone(t.timezone, d.deployed_at) as local_at
    from deployment d
    join team_service t using (service)
    left join commit c on c.repository = d.repository and c.sha like d.sha || '%'
        and left(c.sha, 10) = left(d.sha, 10)
    left join version v on v.repository = d.repository and v.name = d.version and d.sha is null
    where d.environment = 'production' and d.status = 'success'
),
chained as (
    select *,
           lag(position) over chain as previous_position,
           lead(position) over chain as next_position,
           lead(deployed_at) over chain as next_at
    from success
    window chain as (partition by service order by deployed_at, id)
)
select s.*,
       s.next_position < s.position or exists (
           select 1 from incident i
           where i.deployment = s.id
              or (i.deployment is null and i.service = s.service and i.environment is null
                  and i.started_at >= s.deployed_at
                  and i.started_at < least(coalesce(s.next_at, 'infinity'),
                                           s.deployed_at + interval 7 days))
       ) as is_failed
from chained s
where previous_position is distinct from position
"""

LEADS = """
-- One row is one change of a service and the hours from its first commit to production.
create table lead as
select t.team, c.first_commit_at, timezone(t.timezone, s.deployed_at) as local_at,
       epoch(s.deployed_at - c.first_commit_at) / 3600 as lead_hours
from (select *, unnest(services) as service from change) c
join team_service t using (service)
asof join (
    select * from step where previous_position is not null and position > previous_position
) s on s.service = c.service and s.position >= c.position
where s.deployed_at >= c.merged_at and c.first_commit_at is not null
"""


@pytest.fixture(scope="module")
def story() -> Iterator[duckdb.DuckDBPyConnection]:
    """All rows of the default organisation, and what they come to."""
    context = Context(Path(), Path(), "(?i)^hotfix[/:]", lambda: datetime.now(UTC), lambda *_: None)
    source = Demo("demo", DemoSettings(), context)
    rows: dict[type[Record], dict[str, Record]] = {}
    for stream in source.discover():
        for batch in source.pull(stream, None):
            assert isinstance(batch, Batch)
            for row in source.rows(stream.name, batch.payload):
                rows.setdefault(type(row), {})[row.id] = row
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for kind, found in rows.items():
            connection.register("found", ENTITY_OF[kind].table(found.values()))
            connection.execute(f'create table "{ENTITY_OF[kind].name}" as from found')
        connection.execute("create table team_service (service text, team text, timezone text)")
        for team in organisation().teams:
            zone = organisation().countries[team.country].timezone
            for service in services_of(team):
                connection.execute(
                    "insert into team_service values (?, ?, ?)", [service, team.name, zone]
                )
        connection.execute(FAILURES)
        connection.execute(LEADS)
        yield connection


def services_of(team: Team) -> list[str]:
    return [service for work in team.repositories for service in work.services]


def ask(story: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[Any]:
    return story.execute(sql, list(parameters)).fetchall()


def one(story: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> Any:
    ((value,),) = ask(story, sql, *parameters)
    return value


def by_quarter(story: duckdb.DuckDBPyConnection, measure: str, team: str) -> list[float]:
    """A measure of a team in the seven whole calendar quarters."""
    table = "lead" if "lead_hours" in measure else "step"
    rows = ask(
        story,
        f"""
        select {measure} from {table}
        where team = ? and local_at >= '2025-01-01' and local_at < '2026-10-01'
        group by date_trunc('quarter', local_at) order by date_trunc('quarter', local_at)
        """,
        team,
    )
    assert len(rows) == 7
    return [float(value) for (value,) in rows]


def by_month(story: duckdb.DuckDBPyConnection, measure: str, team: str) -> dict[str, float]:
    return dict(
        ask(
            story,
            f"""
            select strftime(local_at, '%Y-%m') as month, {measure} from step
            where team = ? group by month order by month
            """,
            team,
        )
    )


FAIL_SHARE = "avg(cast(is_failed as double))"
LEAD = "median(lead_hours)"


# --- size ---------------------------------------------------------------------------------------


def test_it_is_as_large_as_promised(story: duckdb.DuckDBPyConnection) -> None:
    assert len(organisation().teams) == 12
    assert "payments" in {team.name for team in organisation().teams}
    assert len({team.country for team in organisation().teams}) == 3
    assert one(story, "select count(*) from service") == 60
    assert 43 <= one(story, "select count(*) from repository") <= 47
    assert 12_000 <= one(story, "select count(*) from step") <= 18_000
    assert 30_000 <= one(story, "select count(*) from change") <= 40_000
    assert one(story, "select count(*) from commit") <= 2 * one(
        story, "select count(*) from change"
    )


def test_it_spans_two_years(story: duckdb.DuckDBPyConnection) -> None:
    first, last = ask(story, "select min(merged_at), max(merged_at) from change")[0]
    assert first.date() in (date(2024, 11, 1), date(2024, 11, 4))
    assert date(2026, 10, 30) <= last.date() < date(2026, 11, 1)


def test_its_services_are_spread_over_teams_and_one_large_shared_repository(
    story: duckdb.DuckDBPyConnection,
) -> None:
    shared = ask(
        story,
        """
        select repository, list(distinct team order by team), count(*), count(path)
        from (select s.repository, s.path, t.team
              from service s join team_service t on t.service = s.name)
        group by repository having count(distinct team) > 1
        """,
    )
    assert shared == [("front-of-house", ["mobile", "storefront"], 6, 6)]
    assert one(story, "select min(n) from (select count(*) n from team_service group by team)") >= 3


# --- rows that hang together --------------------------------------------------------------------


def test_every_deployed_commit_is_known_and_on_the_mainline(
    story: duckdb.DuckDBPyConnection,
) -> None:
    unknown = """
        select distinct d.repository
        from deployment d
        left join commit c on c.repository = d.repository and left(c.sha, 10) = left(d.sha, 10)
            and c.sha like d.sha || '%'
        left join version v on v.repository = d.repository and v.name = d.version and d.sha is null
        where coalesce(c.position, v.position) is null
    """
    patched = [(one.repository,) for one in governance().patched_releases]
    assert sorted(ask(story, unknown)) == sorted([("platform-queue",), *patched]), (
        "only where the history is cut off, or a release was patched beside the mainline"
    )
    assert one(story, "select count(distinct length(sha)) from deployment") == 2
    assert one(story, "select count(*) from deployment where sha is null and version is null") == 0


def test_no_commit_is_deployed_before_it_has_landed(story: duckdb.DuckDBPyConnection) -> None:
    early = """
        select count(*) from deployment d join commit c on c.repository = d.repository
            and c.sha = d.sha where d.started_at < c.committed_at
    """
    assert one(story, early) == 0


@pytest.mark.parametrize("table", ["change", "version"])
def test_positions_grow_with_time(story: duckdb.DuckDBPyConnection, table: str) -> None:
    moment = {"change": "merged_at", "version": "tagged_at"}[table]
    against = f"""
        select count(*) from (
            select {moment} as moment,
                   lag({moment}) over (partition by repository order by position) as before_it
            from {table} where position is not null)
        where moment < before_it
    """
    assert one(story, against) == 0


def test_the_mainline_has_no_hole(story: duckdb.DuckDBPyConnection) -> None:
    assert (
        ask(
            story,
            """
        select repository from change group by repository
        having min(position) <> 1
            or max(position) <> count(*)
            or count(distinct position) <> count(*)
        """,
        )
        == []
    )
    broken = """
        select count(*) from commit c
        join commit p
          on p.repository = c.repository and p.position = c.position - 1 and p.is_mainline
        where c.is_mainline and c.parents[1] <> p.sha
    """
    assert one(story, broken) == 0


def test_repositories_name_their_newest_commit_and_count_all(
    story: duckdb.DuckDBPyConnection,
) -> None:
    against = """
        select r.name from repository r
        left join (select repository, count(*) as n,
                          arg_max(sha, position) filter (is_mainline) as head
                   from commit group by repository) c on c.repository = r.name
        where r.commit_count <> coalesce(c.n, 0) or r.head_sha is distinct from c.head
    """
    assert ask(story, against) == []


def test_the_stages_of_a_change_follow_each_other(story: duckdb.DuckDBPyConnection) -> None:
    against = """
        select count(*) from change
        where first_commit_at > coalesce(opened_at, merged_at)
           or opened_at > coalesce(reviewed_at, merged_at)
           or reviewed_at > merged_at
    """
    assert one(story, against) == 0


def test_one_repository_keeps_no_review_data(story: duckdb.DuckDBPyConnection) -> None:
    without = """
        select repository from change where number is not null group by repository
        having count(opened_at) + count(reviewed_at) + count(first_commit_at) = 0
    """
    assert ask(story, without) == [("fleet-maintenance",)]
    known = "select count(opened_at) / count(*) from change where number is not null"
    assert 0.95 < one(story, known) < 1


def test_changes_land_in_all_ways(story: duckdb.DuckDBPyConnection) -> None:
    kinds = dict(ask(story, "select kind, count(*) from change group by kind"))
    assert kinds["squash"] > kinds["merge"] > kinds["direct"] > 100
    assert (
        one(story, "select count(*) from change where kind = 'direct' and number is not null") == 0
    )
    assert one(story, "select count(*) from change where is_hotfix") > 200
    only_branch = "select count(*) from change where is_hotfix and title not ilike 'hotfix%'"
    assert one(story, only_branch) > 50


def test_a_revert_names_an_older_change_of_its_repository(story: duckdb.DuckDBPyConnection) -> None:
    reverts, found = ask(
        story,
        """
        select count(*), count(*) filter (old.position < new.position
                                          and new.title = 'Revert "' || old.title || '"')
        from change new left join change old
          on old.repository = new.repository and new.reverts in (old.number, old.landed_sha)
        where new.reverts is not null
        """,
    )[0]
    assert reverts == found > 100


def test_a_named_cause_is_a_deployment_of_that_service_before_the_incident(
    story: duckdb.DuckDBPyConnection,
) -> None:
    named, right = ask(
        story,
        """
        select count(*), count(*) filter (d.status = 'success' and d.service = i.service
                                          and d.environment = 'production'
                                          and d.deployed_at < i.started_at)
        from incident i left join deployment d on d.id = i.deployment
        where i.deployment is not null
        """,
    )[0]
    assert named == right > 300


def test_incidents_come_in_all_sorts(story: duckdb.DuckDBPyConnection) -> None:
    def count(where: str) -> int:
        return int(one(story, f"select count(*) from incident i where {where}"))

    first = "(select min(deployed_at) from step s where s.service = i.service)"
    last = "(select max(deployed_at) from step s where s.service = i.service)"
    assert count("deployment is null and service is not null") > 300
    assert count("service is null") > 20
    assert count("environment = 'staging'") > 10
    assert count(f"environment is null and started_at < {first}") >= 3
    assert count(f"environment is null and started_at > {last} + interval 60 days") >= 3
    assert count("resolved_at is null") >= 3
    assert count("reopened_count > 0") == 1
    assert count("resolved_at <= started_at") == 0


def test_runs_are_tried_again_and_versions_deployed_twice(
    story: duckdb.DuckDBPyConnection,
) -> None:
    def count(where: str) -> int:
        return int(one(story, f"select count(*) from deployment where {where}"))

    assert count("status = 'failed'") > 300
    assert count("status = 'cancelled'") > 30
    assert count("attempt > 1 and status = 'success'") > 300
    again = """
        select count(*) from (
            select attempt,
                   sha = lag(sha) over (partition by service order by deployed_at) as is_again
            from deployment where environment = 'production' and status = 'success')
        where is_again and attempt {}
    """
    assert one(story, again.format("= 1")) > 10
    assert one(story, again.format("> 1")) > 10
    assert one(story, "select count(*) from step where position < previous_position") > 300


def test_one_run_may_deploy_several_services(story: duckdb.DuckDBPyConnection) -> None:
    several = """
        select count(*) from (select run from deployment where environment = 'production'
                              group by run having count(distinct service) > 1)
    """
    assert one(story, several) > 500


# --- time ---------------------------------------------------------------------------------------


def test_planned_releases_keep_to_working_days_and_hours_of_their_place(
    story: duckdb.DuckDBPyConnection,
) -> None:
    staged = ask(
        story,
        """
        select t.team, timezone(t.timezone, d.started_at)
        from deployment d join team_service t using (service) where environment = 'staging'
        """,
    )
    country = {t.name: organisation().countries[t.country] for t in organisation().teams}
    assert len(staged) > 10_000
    for team, moment in staged:
        assert moment.weekday() < 5
        assert (moment.month, moment.day) not in country[team].holidays
        assert 9 <= moment.hour < 19
        assert not organisation().is_frozen(moment.date())


@pytest.mark.parametrize(
    ("team", "winter_utc", "summer_utc"),
    [("payments", 9, 8), ("dispatch", 14, 13), ("customs", 1, 1)],
)
def test_local_deploy_hours_follow_the_clock_change(
    story: duckdb.DuckDBPyConnection, team: str, winter_utc: int, summer_utc: int
) -> None:
    """The hour (UTC) before which only one in twenty production deployments begins."""

    def early(months: str) -> int:
        return int(
            one(
                story,
                f"""
                select quantile_disc(hour(started_at), 0.05) from step
                where team = ? and month(started_at) in ({months})
                """,
                team,
            )
        )

    assert (early("1, 2"), early("6, 7")) == (winter_utc, summer_utc)


def test_weekends_and_the_freeze_see_only_repairs(story: duckdb.DuckDBPyConnection) -> None:
    total = one(story, "select count(*) from step")
    weekend = one(story, "select count(*) from step where isodow(local_at) > 5")
    frozen = "strftime(local_at, '%m-%d') >= '12-20' or strftime(local_at, '%m-%d') <= '01-02'"
    assert 0 < weekend < 0.02 * total
    assert one(story, f"select count(*) from step where {frozen}") < 0.003 * total


# --- stories ------------------------------------------------------------------------------------


def test_the_silent_team_has_services_and_nothing_else(story: duckdb.DuckDBPyConnection) -> None:
    names = one(story, "select list(service) from team_service where team = 'coldchain'")
    assert one(story, "select count(*) from service where list_contains(?, name)", names) == 3
    for where in ("deployment where service", "incident where service"):
        assert one(story, f"select count(*) from {where} = any(?)", names) == 0
    assert one(story, "select count(*) from change where list_has_any(services, ?)", names) == 0


def test_one_team_deploys_too_little_to_be_judged(story: duckdb.DuckDBPyConnection) -> None:
    months = by_month(story, "count(*)", "records")
    assert sum(count < 5 for count in months.values()) + 24 - len(months) > 18
    assert 40 < sum(months.values()) < 120


def test_one_team_improves_every_quarter(story: duckdb.DuckDBPyConnection) -> None:
    leads = by_quarter(story, LEAD, "tracking")
    assert all(later < earlier for earlier, later in pairwise(leads))
    assert 7 * 24 < leads[0] < 11 * 24
    assert leads[-1] <= 30
    deployments = by_quarter(story, "count(*)", "tracking")
    assert all(later > earlier for earlier, later in pairwise(deployments))
    assert deployments[-1] > 3 * deployments[0]
    fails = by_quarter(story, FAIL_SHARE, "tracking")
    assert mean(fails[:3]) > 0.14
    assert mean(fails[-3:]) < 0.08


def test_one_team_slips(story: duckdb.DuckDBPyConnection) -> None:
    leads = by_quarter(story, LEAD, "warehouse")
    assert all(later > earlier for earlier, later in pairwise(leads))
    assert leads[-1] > 3 * leads[0]
    deployments = by_quarter(story, "count(*)", "warehouse")
    assert deployments[-1] < deployments[0] / 2
    fails = by_quarter(story, FAIL_SHARE, "warehouse")
    assert mean(fails[-3:]) > 1.8 * mean(fails[:3])


def test_the_elite_team_deploys_several_times_a_day_and_rarely_fails(
    story: duckdb.DuckDBPyConnection,
) -> None:
    days = one(
        story, "select count(distinct cast(local_at as date)) from step where team = 'dispatch'"
    )
    assert one(story, "select count(*) from step where team = 'dispatch'") / days > 4
    assert one(story, "select median(lead_hours) from lead where team = 'dispatch'") < 6
    assert 0.03 <= one(story, f"select {FAIL_SHARE} from step where team = 'dispatch'") <= 0.05


def test_one_team_is_fast_and_breaks_a_lot(story: duckdb.DuckDBPyConnection) -> None:
    assert one(story, "select median(lead_hours) from lead where team = 'storefront'") < 12
    assert one(story, f"select {FAIL_SHARE} from step where team = 'storefront'") > 0.17


def test_the_migration_month_stands_out(story: duckdb.DuckDBPyConnection) -> None:
    deployments = by_month(story, "count(*)", "payments")
    fails = by_month(story, FAIL_SHARE, "payments")
    usual = [m for m in deployments if m != "2026-03" and not m.endswith("-12")]
    assert deployments["2026-03"] < 0.6 * min(deployments[m] for m in usual)
    assert fails["2026-03"] > 1.5 * max(fails[m] for m in usual)


def test_the_whole_organisation_looks_like_one(story: duckdb.DuckDBPyConnection) -> None:
    assert 24 <= one(story, "select median(lead_hours) from lead") <= 72
    assert 0.08 <= one(story, f"select {FAIL_SHARE} from step") <= 0.15
    recovery = """
        select median(epoch(i.resolved_at - s.deployed_at)) / 3600
        from incident i join step s on s.id = i.deployment
    """
    assert 1 <= one(story, recovery) <= 8


# --- configuration ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def configuration() -> Configuration:
    with as_file(files("connectors.demo") / "cairn.toml") as path:
        return load(path)


def test_the_configuration_gives_each_service_to_the_team_that_works_on_it(
    configuration: Configuration,
) -> None:
    wanted = {service: team.name for team in organisation().teams for service in services_of(team)}
    services = [
        KnownService(service, work.name, path=None, is_deployed=True)
        for team in organisation().teams
        for work in team.repositories
        for service in work.services
    ]
    owned = {owner.service: owner.team for owner in owners(configuration, services)}
    assert owned == wanted


def test_the_configuration_knows_names_places_and_the_migration(
    configuration: Configuration,
) -> None:
    assert configuration.organisation.name == organisation().name
    zones = {team.name: team.timezone for team in configuration.team}
    for team in organisation().teams:
        assert zones[team.name] == organisation().countries[team.country].timezone
        disruption = team.disruption
        notes = [(a.from_, a.to) for a in configuration.annotation if a.team == team.name]
        wanted = [(disruption.first, disruption.last)] if disruption else []
        assert notes == [*wanted, *known_troubles(team.name)]


def known_troubles(team: str) -> list[tuple[date, date]]:
    """First and last day of what befell a team's pipelines, models, costs, and of freezes."""
    outages = [feed.outage for feed in feeds().feeds if feed.team == team and feed.outage]
    drifts = [model.drift for model in learning().models if model.team == team and model.drift]
    rises = [
        turn
        for provider in story_of_costs().provider
        for service in provider.service
        for use in service.uses
        for turn in use.turns
        if turn.by > 5 and (use.tags or {}).get("team") == team
    ]
    return [
        *((outage.first, outage.made_up_on) for outage in outages),
        *((drift.first, drift.end - timedelta(days=1)) for drift in drifts),
        *((freeze.first, freeze.end) for freeze in governance().freezes if freeze.team == team),
        *((rise.first, rise.end - timedelta(days=1)) for rise in rises),
    ]


def test_the_configuration_expects_something_of_each_model_and_pipeline(
    configuration: Configuration,
) -> None:
    for model in learning().models:
        wanted = next(w for w in configuration.model if fnmatchcase(model.name, w.name))
        assert wanted.metric in (None, model.metric), model.name
        assert wanted.service in (None, model.service), model.name
        if wanted.metric:
            assert wanted.is_higher_better == model.is_higher_better, model.name
    for feed in feeds().feeds:
        assert any(fnmatchcase(feed.name, wanted.name) for wanted in configuration.pipeline)


def test_the_configuration_names_the_source_with_its_default_settings(
    configuration: Configuration,
) -> None:
    source = configuration.source[0]
    assert (source.name, source.kind) == ("demo", "demo")
    assert {one.kind for one in configuration.source[1:]} == {"bills"}
    assert DemoSettings.model_validate(source.options) == DemoSettings()


def test_every_entity_of_delivery_has_rows(story: duckdb.DuckDBPyConnection) -> None:
    delivery = [name for name, e in ENTITIES.items() if e.record.__module__ == Change.__module__]
    for name in [*delivery, "gap"]:
        assert one(story, f'select count(*) from "{name}"') > 0
