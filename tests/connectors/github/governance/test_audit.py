"""The audit log, and pushes that passed rules by, read over the double of GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from connectors.github.governance.audit import Audit
from connectors.github.governance.bypasses import LOOK_BACK, Bypasses
from connectors.interface import Cursor
from data.model import AuditEvent, Gap, GapReason
from tests.connectors.github.one_organisation import OneOrganisation
from tests.connectors.github.one_stream import A_DAY, OneStream, small_pages
from tests.connectors.house import Kill, Killed
from tests.doubles.github.world import AuditEvent as Event
from tests.doubles.github.world import Plan, RuleSuite


def closes_at(cursor: Cursor) -> datetime | None:
    return Bypasses.__new__(Bypasses).closes_at(cursor)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[OneOrganisation]:
    made = OneOrganisation(tmp_path, Audit)
    acme = made.world.organisations["acme"]
    acme.plan = Plan.ENTERPRISE
    acme.add_member(made.dev, "admin")
    yield made
    made.close()


@pytest.fixture
def pushes(tmp_path: Path) -> Iterator[OneStream]:
    made = OneStream(tmp_path, Bypasses)
    yield made
    made.close()


def record(
    log: OneOrganisation, ago: timedelta, action: str = "org.add_member", **fields: object
) -> Event:
    known = log.world.organisations["acme"].audit
    event = Event(f"document-{len(known):03}", action, log.time.at - ago, log.dev, dict(fields))
    known.append(event)
    return event


def passed_by(source: OneStream, ago: timedelta, result: str = "bypass") -> RuleSuite:
    number = source.world.new_id()
    at = source.time.at - ago
    made = RuleSuite(number, source.dev, "refs/heads/main", "1" * 40, "2" * 40, at, result)
    source.repository.rule_suites.append(made)
    return made


# --- audit log ---------------------------------------------------------------------------------


def test_an_event_is_told_with_who_did_what_to_what(log: OneOrganisation) -> None:
    event = record(
        log,
        A_DAY,
        "protected_branch.destroy",
        repo="acme/web",
        name="main",
        permission="admin",
        old_permission="read",
    )
    assert not log.sync().errors
    (row,) = log.rows(AuditEvent)
    assert row.id == "github:acme#audit/document-000"
    assert (row.happened_at, row.actor, row.action) == (event.at, "dev-1", event.action)
    assert (row.repository, row.subject) == ("acme/web", "main")
    assert row.detail == "permission: admin, old_permission: read"


def test_a_deleted_account_did_it_and_is_null(log: OneOrganisation) -> None:
    record(log, A_DAY).actor = None
    log.sync()
    assert [row.actor for row in log.rows(AuditEvent)] == [None]


def test_addresses_and_hashed_tokens_of_the_log_are_not_archived(log: OneOrganisation) -> None:
    record(
        log,
        A_DAY,
        actor_ip="192.0.2.7",
        hashed_token="c2VjcmV0",
        external_identity_nameid="dev-1@example.com",
        user="dev-1@example.com",
        visibility="private",
    )
    log.sync()
    everything = log.house.everything()
    assert not [w for w in ("192.0.2.7", "c2VjcmV0", "example.com") if w in everything]
    assert "private" in everything


def test_the_log_goes_on_where_it_was_and_nothing_new_costs_nothing(log: OneOrganisation) -> None:
    for day in range(8, 1, -1):
        record(log, day * A_DAY)
    with small_pages(Audit, 3):
        log.sync()
        assert len(log.rows(AuditEvent)) == 7
        assert log.sync().pages == 0
        assert not log.asked("audit-log")
        log.time.at += A_DAY
        record(log, timedelta())
        assert log.sync().pages == 1
        assert len(log.rows(AuditEvent)) == 8
        assert log.reads_anew_alike()


def test_a_kill_at_any_page_of_the_log_loses_nothing(log: OneOrganisation) -> None:
    for day in range(8, 1, -1):
        record(log, day * A_DAY)
    with small_pages(Audit, 2):
        for page in range(4):
            house = log.new_house()
            with pytest.raises(Killed):
                log.sync(Kill(page, is_committed=True), house)
            log.time.at += A_DAY  # another day asks the same question
            log.sync(house=house)
            assert len(log.rows(AuditEvent, house)) == 7


def test_the_first_reading_goes_back_a_bounded_time(log: OneOrganisation) -> None:
    record(log, 200 * A_DAY)
    record(log, 20 * A_DAY)
    log.sync()
    assert [row.id for row in log.rows(AuditEvent)] == ["github:acme#audit/document-001"]


def test_what_grows_too_old_to_be_asked_for_at_first_is_no_news(log: OneOrganisation) -> None:
    record(log, 89 * A_DAY)
    log.sync()
    log.time.at += 3 * A_DAY
    assert log.sync().pages == 0
    assert len(log.rows(AuditEvent)) == 1


def test_a_plan_without_a_log_is_a_gap_that_says_so(log: OneOrganisation) -> None:
    log.world.organisations["acme"].plan = Plan.TEAM
    assert not log.sync().errors
    (gap,) = log.house.standing("audit")
    assert gap.reason == GapReason.NOT_FOUND
    assert "GitHub Enterprise" in gap.what


# --- pushes that passed rules by ---------------------------------------------------------------


def test_a_push_that_passed_rules_by_is_told_and_others_are_not(pushes: OneStream) -> None:
    made = passed_by(pushes, A_DAY)
    passed_by(pushes, A_DAY, "pass")
    assert not pushes.sync().errors
    (row,) = pushes.rows(AuditEvent)
    assert (row.action, row.actor, row.subject) == (
        "rule_suite.bypass",
        "dev-1",
        "refs/heads/main",
    )
    assert (row.happened_at, row.sha, row.repository) == (made.pushed_at, "2" * 40, "acme/web")


def test_nothing_new_costs_nothing_within_a_day(pushes: OneStream) -> None:
    passed_by(pushes, A_DAY)
    pushes.sync()
    pushes.time.at += A_DAY / 2
    assert pushes.sync().pages == 0
    assert not pushes.asked("rule-suites")


def test_what_a_month_ago_passed_rules_by_stays_when_github_forgets_it(pushes: OneStream) -> None:
    passed_by(pushes, 29 * A_DAY)
    pushes.sync()
    pushes.time.at += 10 * A_DAY
    passed_by(pushes, A_DAY)
    pushes.sync()
    assert len(pushes.rows(AuditEvent)) == 2
    assert pushes.rows(Gap) == []


def test_after_a_renaming_what_happened_is_told_once(pushes: OneStream) -> None:
    passed_by(pushes, A_DAY)
    pushes.sync()
    pushes.repository.former_names.append("acme/web")
    pushes.repository.name = "shop"
    pushes.sync()
    assert [row.repository for row in pushes.rows(AuditEvent)] == ["acme/shop"]


def test_days_that_no_reading_saw_are_a_gap_with_both_ends(pushes: OneStream) -> None:
    first = pushes.time.at
    pushes.sync()
    for days in (20, 40, 1):
        pushes.time.at += days * A_DAY
        pushes.sync()
    (gap,) = pushes.rows(Gap)
    seen_from = first + 60 * A_DAY - LOOK_BACK
    assert (gap.since_at, gap.until_at) == (first + 20 * A_DAY, seen_from)
    assert gap.reason == GapReason.TRUNCATED


def test_the_window_closes_four_weeks_after_the_last_reading(pushes: OneStream) -> None:
    assert closes_at({}) is None
    pushes.sync()
    cursor = pushes.house.cursors[pushes.stream]
    assert closes_at(cursor) == pushes.time.at + timedelta(days=28)


def test_a_reading_is_noted_each_day_also_where_nothing_happened(pushes: OneStream) -> None:
    pushes.sync()
    pages = len(pushes.house.pages())
    pushes.time.at += 2 * A_DAY
    pushes.sync()
    assert closes_at(pushes.house.cursors[pushes.stream]) == pushes.time.at + LOOK_BACK
    assert len(pushes.house.pages()) == pages  # the same page is archived once


def test_a_filter_that_is_ignored_is_noticed(pushes: OneStream) -> None:
    passed_by(pushes, A_DAY)
    passed_by(pushes, A_DAY, "pass")
    pushes.double.ignored_filters.add("rule_suite_result")
    pushes.sync()
    assert len(pushes.rows(AuditEvent)) == 1
    (gap,) = pushes.house.standing(pushes.stream)
    assert (gap.reason, gap.count) == (GapReason.FILTER_IGNORED, 1)
