"""How the demo organisation keeps its rules: every situation that a control looks for is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.demo import Demo, DemoSettings
from connectors.demo.access_reviews import decide_access_reviews
from connectors.demo.governance import governance
from connectors.demo.organisation import organisation
from connectors.interface import Batch, Context, Cursor
from data.configuration import load
from data.decisions.access_review import access_reviews
from data.decisions.book import Book
from data.model import ENTITIES, ENTITY_OF, MemberAccess, Record

NEW = (
    "versions", "reviews", "protection", "environments", "access", "reuse", "findings", "audit",
)  # fmt: skip
"""Streams that this story needs."""

ENTIRE = ("protection", "environments", "access", "reuse", "findings", "audit")

AT_MERGE = """
-- One row is one change whose host keeps reviews, and whether someone else approved what landed.
create view handled as
select c.*, t.team,
       exists (from valid v where v.repository = c.repository and v.change = c.number)
           as is_approved,
       exists (from valid v where v.repository = c.repository and v.change = c.number
               and v.sha = c.head_sha) as is_head_approved,
       exists (from check_run k where k.repository = c.repository and k.sha = c.head_sha
               and k.result = 'success' and k.completed_at <= c.merged_at) as is_green
from change c
join team_of t on t.thing = coalesce(c.services[1], c.repository)
where c.number is not null and c.merged_at >= '2025-11-01' and c.repository <> 'fleet-maintenance'
"""

VALID = """
-- One row is one approval by a person other than the author that stood when the change was merged.
create view valid as
select r.* from review r
join change c on c.repository = r.repository and c.number = r.change
where r.state = 'approved' and r.is_bot is not true and r.author is distinct from c.author
  and r.submitted_at <= c.merged_at and coalesce(r.dismissed_at > c.merged_at, true)
"""


def demo(until: date, seed: int = 7) -> Demo:
    context = Context(Path(), Path(), "(?i)^hotfix[/:]", lambda: datetime.now(UTC), lambda *_: None)
    return Demo("demo", DemoSettings(until=until, seed=seed), context)


def rows_of(source: Demo, stream: str, cursor: Cursor | None = None) -> dict[str, Record]:
    (found,) = (s for s in source.discover() if s.name == stream)
    rows: dict[str, Record] = {}
    for item in source.pull(found, cursor):
        told = source.rows(stream, item.payload) if isinstance(item, Batch) else [item]
        rows |= {row.id: row for row in told}
    return rows


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """All rows of the default organisation, each with the stream that told it."""
    source = demo(date(2026, 11, 1))
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("create table told (stream text, entity text)")
        known: dict[type[Record], dict[str, Record]] = {}
        for stream in source.discover():
            if stream.name in ("models", "operations"):
                continue
            rows = rows_of(source, stream.name)
            for kind in {type(row) for row in rows.values()}:
                pair = [stream.name, ENTITY_OF[kind].name]
                connection.execute("insert into told values (?, ?)", pair)
            for row in rows.values():
                known.setdefault(type(row), {})[row.id] = row
        for kind, found in known.items():
            connection.register("found", ENTITY_OF[kind].table(found.values()))
            connection.execute(f'create table "{ENTITY_OF[kind].name}" as from found')
        connection.execute("create table team_of (thing text, team text)")
        for team in organisation().teams:
            for work in team.repositories:
                for thing in {*work.services, work.name} - {"front-of-house"}:
                    pair = [thing, team.name]
                    connection.execute("insert into team_of values (?, ?)", pair)
        connection.execute(VALID)
        connection.execute(AT_MERGE)
        yield connection


def ask(tables: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return tables.execute(sql).fetchall()


def one(tables: duckdb.DuckDBPyConnection, sql: str) -> Any:
    ((value,),) = ask(tables, sql)
    return value


def column(tables: duckdb.DuckDBPyConnection, sql: str) -> set[Any]:
    return {value for (value,) in ask(tables, sql)}


# --- streams ------------------------------------------------------------------------------------


def test_a_stream_tells_all_the_entities_it_lists_and_no_other(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    for stream in demo(date(2026, 11, 1)).discover():
        told = column(tables, f"select entity from told where stream = '{stream.name}'")
        assert told <= set(stream.entities), stream.name
        assert told == set(stream.entities) or stream.name not in NEW, stream.name


def test_every_entity_of_review_governance_and_automation_is_told(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    wanted = {"review", "governance", "pipeline"}
    of_subject = {n for n, e in ENTITIES.items() if e.record.__module__.split(".")[-1] in wanted}
    assert of_subject <= column(tables, "select entity from told")


@pytest.mark.parametrize("stream", ["reviews", "audit", "findings", "access"])
def test_another_seed_gives_other_rows(stream: str) -> None:
    until = date(2025, 12, 10)
    assert rows_of(demo(until), stream) != rows_of(demo(until, seed=8), stream)


def test_a_later_end_leaves_the_reviews_of_months_that_were_over_as_they_were() -> None:
    def pages(until: date) -> list[Batch]:
        source = demo(until)
        (stream,) = (s for s in source.discover() if s.name == "reviews")
        return [page for page in source.pull(stream, None) if isinstance(page, Batch)]

    before, after = pages(date(2025, 12, 1)), pages(date(2026, 1, 10))
    first, last = len(before) - 1, len(after)
    assert [page.payload for page in after[:first]] == [page.payload for page in before[:first]]
    assert len(before[first].payload) > 100_000
    assert last == first + 3
    kept_from = datetime(2025, 11, 1, tzinfo=UTC)
    assert {page.complete_from for page in after} == {kept_from}


@pytest.mark.parametrize("end", [date(2025, 11, 20), date(2025, 12, 1)])
@pytest.mark.parametrize("stream", ["reviews", *ENTIRE])
def test_going_on_from_an_earlier_end_gives_the_rows_of_reading_all_at_once(
    stream: str, end: date, later: Demo
) -> None:
    known = rows_of(demo(end), stream)
    rest = rows_of(later, stream, {"next": end.isoformat()})
    assert known | rest == rows_of(later, stream)
    assert known.keys() - rest.keys() or stream != "reviews"


@pytest.fixture(scope="module")
def later() -> Demo:
    return demo(date(2026, 1, 10))


# --- changes ------------------------------------------------------------------------------------


def test_in_the_strict_team_all_is_in_order(tables: duckdb.DuckDBPyConnection) -> None:
    total, held = ask(
        tables,
        "select count(*), count(*) filter (is_head_approved and is_green and len(tickets) = 1) "
        "from handled where team = 'customs'",
    )[0]
    assert held == total > 1000
    assert one(tables, "select count(*) from commit where repository like 'customs-%' "
                       "and is_signed is not true") == 0  # fmt: skip
    unseparated = (
        "select count(*) from deployment where service like 'customs-%' "
        "and environment = 'production' "
        "and (approved_by is null or len(approved_by) = 0 "
        "or list_contains(approved_by, triggered_by))"
    )
    assert one(tables, unseparated) == 0


def test_each_author_of_the_strict_team_has_an_approver_other_than_themself(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    alone = """
        select count(*) from (
            select m.repository, m.change, unnest(m.authors) as author
            from change_commit m where m.repository like 'customs-%') a
        where not exists (from valid v where v.repository = a.repository
                          and v.change = a.change and v.author <> a.author)
    """
    assert one(tables, alone) == 0


def test_one_team_merges_a_third_without_approval_until_its_rules_are_tightened(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    before, after = (
        one(
            tables,
            "select avg(cast(is_approved as int)) from handled where team = 'tracking' "
            f"and merged_at {side} timestamptz '2026-04-01'",
        )
        for side in ("<", ">=")
    )
    assert 0.55 < before < 0.7
    assert after == 1
    alone = "select count(*) from handled where team = 'tracking' and merged_by = author "
    assert one(tables, f"{alone} and not is_approved") > 100
    tightened = """
        select repository from protection
        where changed_after_at <= '2026-04-01 08:30' and changed_before_at >= '2026-04-01 08:30'
          and required_approvals = 1
    """
    assert len(column(tables, tightened)) == 5
    assert column(tables, "select actor from audit_event where repository like 'tracking-%'") == {
        "f.otter"
    }


def test_pairs_of_one_team_approve_themselves_though_each_change_has_another_approver(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    pairs = """
        select h.team, count(*), count(*) filter (h.is_approved and h.is_head_approved)
        from handled h
        where exists (
            from change_commit m, unnest(m.authors) as a(author)
            where m.repository = h.repository and m.change = h.number and not m.is_merge
              and a.author <> h.author
              and not exists (from valid v where v.repository = h.repository
                              and v.change = h.number and v.author is distinct from a.author))
        group by h.team
    """
    ((team, total, approved),) = ask(tables, pairs)
    assert team == "storefront"
    assert total == approved > 100


def test_a_co_author_without_an_account_is_counted_and_not_named(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    strangers = """
        select distinct h.team from change_commit m
        join handled h on h.repository = m.repository and h.number = m.change
        where m.author_count > len(m.authors) and h.author is not null
    """
    assert column(tables, strangers) == {"mobile"}


def test_what_was_pushed_after_an_approval_was_not_approved(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    late = """
        select h.team, count(*) filter (m.sha is not null) as pushed,
               count(*) filter (m.sha is null and h.rewritten_at between
                                r.submitted_at and h.merged_at) as rewritten,
               count(*) as total
        from handled h
        join valid r on r.repository = h.repository and r.change = h.number
        left join change_commit m
          on m.repository = r.repository and m.change = r.change and m.sha = r.sha
        where r.sha is not null and r.sha <> h.head_sha
        group by h.team
    """
    found = {team: counts for team, *counts in ask(tables, late)}
    assert found.keys() == {"tracking", "warehouse"}
    for pushed, rewritten, total in found.values():
        assert min(pushed, rewritten) > 2
        assert pushed + rewritten == total
    after = """
        select count(*) from valid r join change_commit m
          on m.repository = r.repository and m.change = r.change
        where r.repository like 'warehouse-%' and m.committed_at > r.submitted_at
    """
    assert one(tables, after) > 100


def test_approvals_are_taken_back_before_and_after_the_merge(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    back = """
        select h.team, count(*) filter (r.dismissed_at <= h.merged_at),
               count(*) filter (r.dismissed_at > h.merged_at)
        from review r join handled h on h.repository = r.repository and h.number = r.change
        where r.dismissed_at is not null group by h.team
    """
    ((team, before, after),) = ask(tables, back)
    assert team == "mobile"
    assert 3 <= before < after


def test_whoever_merges_the_mainline_into_a_branch_may_be_its_approver(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    synced = """
        select count(*), count(*) filter (r.author = m.authors[1] and r.sha = m.sha)
        from change_commit m join valid r on r.repository = m.repository and r.change = m.change
        where m.is_merge
    """
    total, same = ask(tables, synced)[0]
    assert total == same > 20


def test_machines_open_updates_and_merge_some_alone(tables: duckdb.DuckDBPyConnection) -> None:
    updates = """
        select team, count(*), count(*) filter (merged_by = 'update-bot'),
               count(*) filter (is_approved)
        from handled where is_bot group by team order by team
    """
    found = {team: counts for team, *counts in ask(tables, updates)}
    assert found.keys() == {"dispatch", "payments", "platform", "storefront"}
    total, alone, approved = found["dispatch"]
    assert alone > 50
    assert alone + approved == total
    assert found["platform"][1] == 0
    by_machine = "select count(*) from review where is_bot and state = 'approved'"
    assert one(tables, by_machine) > 10
    titles = "select count(*) from change where is_bot and title not like 'Update %'"
    assert one(tables, titles) == 0


def test_nobody_is_left_of_a_deleted_account(tables: duckdb.DuckDBPyConnection) -> None:
    gone = "select distinct team, is_bot from handled where author is null"
    assert ask(tables, gone) == [("mobile", None)]
    assert one(tables, "select count(*) from review where author is null") > 50
    assert one(tables, "select count(*) from change_commit where len(authors) = 0 "
                       "and author_count = 1") > 50  # fmt: skip
    for table in ("change", "review", "change_commit", "deployment", "member_access"):
        assert one(tables, f"select count(*) from {table} t where t::text like '%teasel%'") == 0


def test_an_emergency_passes_the_rules_by_and_is_mostly_reviewed_later(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    emergencies = """
        select count(*),
               count(*) filter (not h.is_approved and list_contains(h.labels, 'emergency')),
               count(*) filter (exists (
                   from review r where r.repository = h.repository and r.change = h.number
                   and r.state = 'approved'
                   and r.submitted_at between h.merged_at and h.merged_at + interval 2 days)),
               count(distinct h.team)
        from audit_event e
        join handled h on h.repository = e.repository and h.landed_sha = e.sha
        where e.action = 'rule_suite.bypass' and e.detail = 'emergency'
          and e.actor is not distinct from h.merged_by
    """
    total, emergency, reviewed, teams = ask(tables, emergencies)[0]
    assert total == emergency > 8
    assert total / 2 < reviewed < total
    assert teams == 1


def test_direct_pushes_pass_rules_by_only_where_there_are_rules(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    pushed = """
        select c.repository, count(e.id) > 0, count(*) = count(e.id)
        from change c left join audit_event e
          on e.repository = c.repository and e.sha = c.landed_sha and e.detail is null
        where c.kind = 'direct' and c.merged_at >= '2025-11-01' group by c.repository
    """
    found = {repository: tuple(told) for repository, *told in ask(tables, pushed)}
    assert found == {
        "dispatch-board": (True, True),
        "warehouse-labels": (True, True),
        "storefront-search": (False, False),
        "storefront-content": (False, False),
    }


def test_one_host_keeps_no_reviews_and_another_forgot_the_older_ones(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    assert one(tables, "select count(*) from review where repository = 'fleet-maintenance'") == 0
    assert one(tables, "select count(author) from change "
                       "where repository = 'fleet-maintenance'") == 0  # fmt: skip
    gaps = dict(ask(tables, "select id, until_at from gap where id like 'gap:demo:reviews:%'"))
    assert gaps == {
        "gap:demo:reviews:truncated:before": datetime(2025, 11, 1, tzinfo=UTC),
        "gap:demo:reviews:not_found:fleet-maintenance": None,
    }
    assert one(tables, "select min(submitted_at) from review") >= datetime(2025, 10, 1, tzinfo=UTC)
    shas = "select count(sha) from review where repository like 'fleet-%'"
    assert one(tables, shas) == 0, "its host does not say which commit was reviewed"


# --- checks -------------------------------------------------------------------------------------


def test_checks_end_in_every_way_and_some_after_the_merge(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    def count(team: str, where: str) -> int:
        sql = f"""
            select count(*) from check_run k
            join handled h on h.repository = k.repository and h.head_sha = k.sha
            where h.team = '{team}' and {where}
        """
        return int(one(tables, sql))

    assert count("dispatch", "k.result = 'skipped'") > 20
    assert count("dispatch", "k.result = 'neutral'") > 20
    assert count("warehouse", "k.result = 'failure'") > 10
    assert count("warehouse", "k.started_at < h.merged_at and k.completed_at > h.merged_at") > 50
    assert count("routing", "k.id like '%/2' and k.completed_at <= h.merged_at") > 20
    assert count("routing", "k.id like '%/2' and k.started_at > h.merged_at") > 10
    assert count("records", "true") == 0


def test_a_check_ends_after_it_began_and_its_commit_is_the_head(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    assert one(tables, "select count(*) from check_run where completed_at < started_at") == 0
    stray = """
        select count(*) from check_run k
        where not exists (from change c where c.repository = k.repository and c.head_sha = k.sha)
    """
    assert one(tables, stray) == 0
    other_head = """
        select count(*) from (select repository, change, arg_max(sha, ordinal) as head
                              from change_commit group by all) m
        join change c on c.repository = m.repository and c.number = m.change
        where c.head_sha is distinct from m.head
    """
    assert one(tables, other_head) == 0


# --- rules in force -----------------------------------------------------------------------------


def test_rules_were_off_for_some_hours_between_readings(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    states = ask(
        tables,
        "select is_protected, changed_after_at, changed_before_at from protection "
        "where repository = 'routing-engine' and kind = 'branch' order by changed_before_at",
    )
    assert [state[0] for state in states] == [True, False, True]
    assert all(after < before <= after + timedelta(hours=1) for _, after, before in states[1:])
    assert states[2][1] - states[1][2] < timedelta(hours=4)
    explained = """
        select p.repository, count(e.id) from protection p
        left join audit_event e on e.repository = p.repository
            and e.action like 'protected_branch.%'
            and e.happened_at between p.changed_after_at and p.changed_before_at
        where p.changed_after_at > '2026-05-01' group by p.repository
    """
    assert dict(ask(tables, explained)) == {"routing-engine": 2, "payments-ledger": 0}


def test_rules_are_strict_loose_absent_and_in_part_unknown(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    def repositories(where: str) -> set[Any]:
        sql = "select split_part(repository, '-', 1) from protection where kind = 'branch' and "
        return column(tables, sql + where)

    assert repositories("not is_protected") == {"records", "routing"}
    assert repositories("is_last_push_approval_required and is_signature_required") == {"customs"}
    assert repositories("is_protected and bypass_actors is null") == {"mobile", "pallet"}
    assert repositories("is_force_push_allowed and is_protected") == {"storefront", "front"}
    assert repositories("code_owner_errors > 0") == {"storefront", "front"}
    assert repositories("is_admin_bound = false") >= {"warehouse", "tracking"}
    unprotected = "select repository from protection where kind = 'tag' and not is_protected"
    assert "warehouse-picking" in column(tables, unprotected)


def test_the_second_host_refuses_and_the_gaps_say_what_would_open_its_eyes(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    for table in ("protection", "environment", "security_finding", "audit_event"):
        assert one(tables, f"select count(*) from {table} where repository like 'fleet-%'") == 0
    refused = """
        select split_part(id, ':', 3) as kind, count(*),
               bool_and(fix like 'give%' or fix like 'name%'),
               bool_and(about is null and url like '%/fleet-%')
        from gap where reason = 'no_permission' and id like '%:fleet-%' group by kind
    """
    found = {kind: told for kind, *told in ask(tables, refused)}
    kinds = ("protection", "environments", "findings", "audit")
    assert found == {kind: [4, True, True] for kind in kinds}
    places = {stream.name for stream in demo(date(2025, 1, 1)).discover() if ":" in stream.name}
    hosts = column(tables, "select host_id from repository where name like 'fleet-%'")
    assert {place.partition(":")[2] for place in places} == hosts


# --- deployments --------------------------------------------------------------------------------


def test_each_team_approves_its_deployments_in_its_own_way(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    ways = """
        select split_part(service, '-', 1),
               avg(cast(len(approved_by) > 0 as int)),
               avg(cast(list_contains(approved_by, triggered_by) as int))
        from deployment
        where environment = 'production' and deployed_at >= '2026-05-01'
        group by 1
    """
    found = {team: (approved, alone) for team, approved, alone in ask(tables, ways)}
    assert found["customs"] == found["tracking"] == (1, 0)
    assert found["dispatch"] == found["records"] == (0, 0)
    assert found["fleet"] == (None, None)
    assert 0.7 < found["warehouse"][0] < 0.9
    assert found["storefront"][0] == 1
    assert 0.2 < found["storefront"][1] < 0.3
    earlier = """
        select max(len(approved_by)) from deployment
        where service like 'tracking-%' and deployed_at < '2026-04-01'
    """
    assert one(tables, earlier) == 0


def test_two_releases_were_built_from_a_commit_that_never_came_to_the_mainline(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    off = """
        select distinct d.repository from deployment d
        join commit c on c.repository = d.repository and c.sha = d.sha
        join version v on v.repository = c.repository and v.sha = c.sha
        where d.environment = 'production' and d.status = 'success'
          and not c.is_mainline and c.position is null and c.first_version = v.name
    """
    assert column(tables, off) == {"mobile-push", "warehouse-picking"}


def test_a_freeze_that_was_announced_was_not_kept(tables: duckdb.DuckDBPyConnection) -> None:
    (freeze,) = governance().freezes
    within = f"""
        select count(*) from deployment
        where environment = 'production' and status = 'success'
          and service like '{freeze.team}-%'
          and deployed_at >= '{freeze.first}' and deployed_at < '{freeze.end + timedelta(days=1)}'
    """
    assert one(tables, within) > 3
    with as_file(files("connectors.demo") / "cairn.toml") as path:
        notes = load(path).annotation
    assert (freeze.first, freeze.end, freeze.text, freeze.team) in {
        (note.from_, note.to, note.text, note.team) for note in notes
    }


def test_environments_are_guarded_by_some(tables: duckdb.DuckDBPyConnection) -> None:
    def repositories(where: str) -> set[Any]:
        sql = f"select split_part(repository, '-', 1) from environment where {where}"
        return column(tables, f"{sql} and name = 'production'")

    assert repositories("len(reviewers) = 0") == {"dispatch", "records"}
    assert repositories("not is_limited_to_protected_branches") == {
        "dispatch", "records", "warehouse",
    }  # fmt: skip
    assert repositories("len(reviewers) > 0 and not is_self_approval_barred") == {
        "front", "storefront",
    }  # fmt: skip
    assert "customs" not in repositories("not is_self_approval_barred")


# --- findings, access, reuse, restore tests -----------------------------------------------------


def test_findings_end_in_time_and_late_with_and_without_a_reason(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    late = """
        select split_part(repository, '-', 1),
               count(*) filter (coalesce(fixed_at, dismissed_at, timestamptz '2026-11-01')
                   > opened_at + to_days(case severity when 'critical' then 7 when 'high' then 30
                                         when 'medium' then 90 else 180 end)), count(*)
        from security_finding where kind = 'dependency' group by 1
    """
    found = {team: (late, total) for team, late, total in ask(tables, late)}
    assert found["customs"][0] == 0 < found["customs"][1]
    assert found["warehouse"][0] > 3
    for state in ("open", "fixed", "dismissed"):
        assert one(tables, f"select count(*) from security_finding where state = '{state}' "
                           "and kind = 'dependency'") > 0  # fmt: skip
    reasons = """
        select count(*), count(dismissed_reason) from security_finding
        where state = 'dismissed' and kind = 'dependency'
    """
    dismissed, explained = ask(tables, reasons)[0]
    assert 0 < explained < dismissed
    assert one(tables, "select count(*) from security_finding where kind = 'code'") > 20


def test_one_secret_is_revoked_within_a_day_and_others_are_not(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    secrets = """
        select repository, state, fixed_at - opened_at < interval 1 day, dismissed_reason,
               is_push_bypassed
        from security_finding where kind = 'secret'
    """
    assert {row[0]: row[1:] for row in ask(tables, secrets)} == {
        "customs-documents": ("fixed", True, "revoked", False),
        "routing-tiles": ("fixed", False, "revoked", False),
        "storefront-search": ("open", None, None, True),
        "warehouse-labels": ("dismissed", None, None, False),
        "payments-api": ("dismissed", None, "used_in_tests", True),
    }


def test_some_owners_lack_a_second_factor_and_some_who_left_still_have_access(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    owners = "select subject, has_two_factor from member_access where is_admin"
    assert dict(ask(tables, owners)) == {
        "f.otter": True, "l.badger": False, "m.alder": True, "q.thistle": False,
    }  # fmt: skip
    unused = """
        select subject from member_access
        where kind = 'member' and scope = 'tarnfell'
          and last_used_at < timestamptz '2026-11-01' - interval 90 days
    """
    assert column(tables, unused) == {"g.heath", "r.gorse"}
    assert one(tables, "select count(*) from member_access where subject = 'p.privet'") == 0
    removed = "select subject from audit_event where action = 'org.remove_member'"
    assert column(tables, removed) == {"p.privet"}
    keys = "select scope, is_read_only from member_access where kind = 'deploy_key'"
    assert dict(ask(tables, keys)) == {
        "customs-declarations": True, "payments-api": True,
        "storefront-content": False, "warehouse-inventory": False,
    }  # fmt: skip
    kinds = {"member", "outside", "deploy_key", "application", "token"}
    assert column(tables, "select kind from member_access") == kinds


def test_one_organisation_asks_for_no_second_factor_and_the_other_does_not_tell(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    settings = """
        select name, is_two_factor_required, default_workflow_right, is_workflow_approval_allowed
        from organisation order by name
    """
    assert ask(tables, settings) == [
        ("tarnfell", False, "read", False),
        ("tarnfell-fleet", None, "read", False),
    ]


def test_all_teams_pin_what_their_workflows_use(tables: duckdb.DuckDBPyConnection) -> None:
    uses = (
        "select is_pinned, count(*) > 0 from reuse where kind in ('action', 'workflow') group by 1"
    )
    assert ask(tables, uses) == [(True, True)]
    hashes = column(tables, "select version from reuse where is_pinned")
    assert all(re.fullmatch("[0-9a-f]{40}", version) for version in hashes)
    files_shown = column(tables, "select name from reuse where kind = 'file'")
    assert {"code_owners", "dependency_updates", "security_policy"} <= files_shown


def test_restores_are_tested_each_quarter_but_one_was_missed_and_one_failed(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    tests = """
        select repository, max(finished_at) filter (result = 'success'), count(distinct run)
        from pipeline_run where pipeline like '%restore-test' group by repository
    """
    found = {repository: told for repository, *told in ask(tables, tests)}
    limit = datetime(2026, 11, 1, tzinfo=UTC) - timedelta(days=90)
    assert len(found) == 11
    assert all(success > limit for success, _ in found.values())
    assert found["warehouse-inventory"][1] == 7, "eight quarters"
    failed = """
        select repository, strftime(max(finished_at), '%Y-%m') from pipeline_run
        where pipeline like '%restore-test' and result = 'failure' group by repository
    """
    assert ask(tables, failed) == [("routing-engine", "2026-03")]
    branches = (
        "select count(*) from pipeline_run where pipeline like '%restore-test' and branch = 'main'"
    )
    assert one(tables, branches) == 0, "they run for a release, not for the mainline"


# --- accounts -----------------------------------------------------------------------------------


def test_every_account_is_an_invented_one(tables: duckdb.DuckDBPyConnection) -> None:
    known = governance()
    people = {name for team in known.teams for name in team.people}
    leavers = {leaver.account for leaver in known.leavers}
    assert all(re.fullmatch("[a-z][.][a-z]+", name) for name in people | leavers)
    assert len(people) == sum(len(team.people) for team in known.teams)
    machines = {known.update_bot, known.approve_bot}
    for table, name in (
        ("change", "author"),
        ("change", "merged_by"),
        ("review", "author"),
        ("deployment", "triggered_by"),
        ("audit_event", "actor"),
    ):
        told = column(tables, f"select distinct {name} from {table} where {name} is not null")
        assert told <= people | leavers | machines, (table, name)


def test_every_team_of_the_organisation_has_habits() -> None:
    assert [team.name for team in governance().teams] == [
        team.name for team in organisation().teams
    ]
    for team in governance().teams:
        shares = team.habits_on(date(2026, 10, 31)).model_dump(exclude={"first", "deploys"})
        assert all(0 <= share <= 1 for share in shares.values())
        assert team.rules in {*governance().rules, "refused"}


def test_its_review_of_access_is_closed_and_one_right_was_to_be_removed(tmp_path: Path) -> None:
    for _ in range(2):
        decide_access_reviews(tmp_path)
    (review,) = access_reviews(Book(tmp_path))
    assert review.is_whole
    assert review.closed is not None
    assert not review.undecided
    removed = [one for one in review.members if review.is_removed(one)]
    assert [one.account for one in removed] == ["ext.lamplight"]
    rights = rows_of(demo(date(2026, 11, 1)), "access").values()
    there = {(one.subject, one.scope) for one in rights if isinstance(one, MemberAccess)}
    assert {(one.account, one.scope) for one in removed} <= there, "it was never done"
    assert review.started_at > review.taken_at
