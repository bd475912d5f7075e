"""What GitLab recorded, read over its double."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.gitlab.governance.audit import Audit, RepositoryAudit
from connectors.gitlab.governance.audit_log import LONGEST, LOOK_BACK
from connectors.gitlab.governance.audit_rows import audit_row
from connectors.interface import Batch
from data.model import AuditEvent as Row
from data.model import GapReason
from tests.connectors.gitlab.one_reader import A_DAY, OneReader
from tests.connectors.house import Kill, Killed
from tests.connectors.loopback import Answer, Asked
from tests.doubles.gitlab import story
from tests.doubles.gitlab.world import AuditEvent, Group, Level, Project

CHANGE = {"change": "allow_force_push", "from": "false", "to": "true", "target_details": "main"}


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneReader]:
    made = OneReader(tmp_path, Audit, RepositoryAudit)
    with closing(made):
        story.push(made.world, made.project, made.dev, made.at(), "Begin")
        yield made


def record(source: OneReader, place: Project | Group, ago: timedelta, **details: Any) -> AuditEvent:
    at = source.time.at - ago
    number = source.world.new_id()
    event = AuditEvent(number, "protected_branch_updated", source.dev, at, details or CHANGE)
    place.audit_events.append(event)
    return event


def top(source: OneReader) -> Group:
    return source.project.group.lineage[-1]


def times(source: OneReader) -> list[datetime]:
    return sorted(row.happened_at for row in source.all_of(Row))


def test_an_event_says_who_did_what_to_what(source: OneReader) -> None:
    made = record(source, source.project, A_DAY)
    source.double.fail(r"/users/\d+$", [Answer.json({"id": source.dev.id, "username": "dev-1"})])
    source.sync()
    (row,) = source.all_of(Row)
    assert row.id == f"gitlab:acme/shop/web#audit/{made.id}"
    assert (row.action, row.actor, row.subject) == ("protected_branch_updated", "dev-1", "main")
    assert (row.repository, row.happened_at) == ("acme/shop/web", made.created_at)
    assert row.detail == "change: allow_force_push; from: false; to: true"


def test_an_author_whose_account_is_not_told_has_the_name_in_the_event(source: OneReader) -> None:
    record(source, source.project, A_DAY)
    record(source, source.project, A_DAY)
    source.sync()
    assert {row.actor for row in source.all_of(Row)} == {"Account dev-1"}
    assert len(source.asked("/users/")) == 1


def test_group_and_projects_each_tell_their_own(source: OneReader) -> None:
    record(source, top(source), A_DAY)
    record(source, source.project, A_DAY)
    source.sync()
    told = {row.repository: row.url for row in source.all_of(Row)}
    assert told == {
        None: "https://git.example.com/groups/acme/-/audit_events",
        "acme/shop/web": "https://git.example.com/acme/shop/web/-/audit_events",
    }


def test_a_year_is_read_in_months_and_older_is_left(source: OneReader) -> None:
    within = [record(source, source.project, days * A_DAY) for days in (1, 29, 31, 200, 364)]
    record(source, source.project, 366 * A_DAY)
    source.sync()
    assert times(source) == sorted(event.created_at for event in within)
    assert len(source.asked(r"projects/\d+/audit_events")) == 13


def test_how_far_back_all_is_read_is_known(source: OneReader) -> None:
    record(source, source.project, 3 * A_DAY)
    floor = source.time.at - LOOK_BACK
    batches = read(source, None)
    month = source.time.at + A_DAY - LONGEST
    assert [batch.complete_from for batch in batches] == [month, floor]
    source.pass_day()
    assert [batch.complete_from for batch in read(source, batches[-1].cursor)] == [floor]


def read(source: OneReader, cursor: Any) -> list[Batch]:
    connector = source.connector()
    stream = next(s for s in connector.discover() if s.name.startswith("repository_audit"))
    return [item for item in connector.pull(stream, cursor) if isinstance(item, Batch)]


def test_only_what_is_new_is_asked_for_and_once_a_day(source: OneReader) -> None:
    record(source, source.project, 3 * A_DAY)
    source.sync()
    source.time.at += timedelta(hours=22)
    record(source, source.project, timedelta(hours=1))
    assert source.sync().pages == 0
    assert source.questions == 0
    source.time.at += timedelta(hours=2)
    source.sync()
    assert len(source.asked("audit_events")) == 2
    assert len(times(source)) == 2
    assert source.reads_anew_alike()


def test_what_happened_in_a_long_silence_is_read_in_months_too(source: OneReader) -> None:
    source.sync()
    source.time.at += 100 * A_DAY
    made = [record(source, source.project, days * A_DAY) for days in (1, 45, 99)]
    source.sync()
    assert times(source) == sorted(event.created_at for event in made)


def test_more_than_a_page_of_events_is_read(source: OneReader) -> None:
    for number in range(230):
        record(source, source.project, A_DAY + timedelta(minutes=number))
    source.sync()
    assert len(source.all_of(Row)) == 230


@pytest.mark.parametrize("page", range(3))
@pytest.mark.parametrize("is_committed", [False, True])
def test_a_reading_that_was_killed_goes_on(
    source: OneReader, page: int, is_committed: bool
) -> None:
    for days in (1, 40, 80, 300):
        record(source, source.project, days * A_DAY)
    with pytest.raises(Killed):
        source.sync(Kill(page, is_committed))
    source.sync()
    assert len(source.all_of(Row)) == 4
    assert source.reads_anew_alike()


def test_what_the_limit_leaves_is_told_and_read_the_next_time(source: OneReader) -> None:
    for days in (1, 40, 300):
        record(source, source.project, days * A_DAY)
    long_ago = (source.time.at - 100 * A_DAY).isoformat()

    def is_old(asked: Asked) -> bool:
        return "/projects/" in asked.path and asked.params.get("created_before", "9") < long_ago

    source.double.fail(is_old, [Answer(429, b"Retry later", {"Retry-After": "9000"})])
    source.sync()
    assert len(source.all_of(Row)) == 2
    assert set(source.gaps) == {"repository_audit/unread/truncated"}
    source.time.at += timedelta(hours=3)
    source.sync()
    assert (len(source.all_of(Row)), source.gaps) == (3, {})


def test_a_plan_without_a_log_is_a_gap_and_costs_one_request(source: OneReader) -> None:
    record(source, source.project, A_DAY)
    top(source).plan = "free"
    source.sync()
    assert {key: gap.reason for key, gap in source.gaps.items()} == {
        "audit/no_permission": GapReason.NO_PERMISSION,
        "repository_audit/no_permission": GapReason.NO_PERMISSION,
    }
    assert source.questions == 2
    gaps = source.gaps
    assert source.sync().pages == 0
    assert (source.questions, source.gaps) == (2, gaps)
    top(source).plan = "premium"
    source.sync()
    assert (len(source.all_of(Row)), source.gaps) == (1, {})


def test_a_log_that_is_not_there_is_asked_for_once_a_day(source: OneReader) -> None:
    record(source, source.project, A_DAY)
    source.double.refuse("audit_events", 404)
    source.sync()
    gaps = source.gaps
    assert {gap.reason for gap in gaps.values()} == {GapReason.NOT_FOUND}
    source.double.allow()
    assert source.sync().pages == 0
    assert (source.questions, source.gaps) == (0, gaps)
    source.pass_day()
    source.sync()
    assert (len(source.all_of(Row)), source.gaps) == (1, {})


def test_older_events_that_are_refused_are_asked_for_again_where_it_stopped(
    source: OneReader,
) -> None:
    for days in (1, 40, 300):
        record(source, source.project, days * A_DAY)
    long_ago = (source.time.at - 100 * A_DAY).isoformat()
    source.double.refuse(lambda asked: asked.params.get("created_before", "9") < long_ago, 403)
    source.sync()
    assert len(source.all_of(Row)) == 2
    assert set(source.gaps) == {"audit/no_permission", "repository_audit/no_permission"}
    source.sync()
    assert source.questions == 2
    source.double.allow()
    source.sync()
    assert (len(source.all_of(Row)), source.gaps) == (3, {})


def test_what_is_recorded_by_a_clock_ahead_of_ours_is_read(source: OneReader) -> None:
    record(source, source.project, -timedelta(hours=1))
    source.sync()
    record(source, source.project, -timedelta(hours=2))
    source.pass_day()
    source.sync()
    assert len(source.all_of(Row)) == 2


def test_what_lies_between_two_months_is_told_once(source: OneReader) -> None:
    source.sync()
    source.time.at += 100 * A_DAY
    made = record(source, source.project, LONGEST - A_DAY)
    source.sync()
    assert times(source) == [made.created_at]


def test_a_server_that_tells_all_whatever_is_asked_for_is_noticed(source: OneReader) -> None:
    for days in (1, 40, 300):
        record(source, source.project, days * A_DAY)
    source.double.ignored_filters |= {"created_after", "created_before"}
    source.sync()
    assert len(source.all_of(Row)) == 3
    (gap,) = source.gaps.values()
    assert gap.reason == GapReason.FILTER_IGNORED
    source.sync()
    assert list(source.gaps.values()) == [gap]
    source.double.allow()
    source.pass_day()
    source.sync()
    assert (len(source.all_of(Row)), source.gaps) == (3, {})


def test_a_maintainer_sees_the_project_and_not_the_group(source: OneReader) -> None:
    record(source, source.project, A_DAY)
    source.holds(Level.MAINTAINER)
    source.sync()
    assert len(source.all_of(Row)) == 1
    assert set(source.gaps) == {"audit/own/no_permission"}


def test_what_was_read_stays_when_the_right_is_gone(source: OneReader) -> None:
    record(source, source.project, A_DAY)
    source.sync()
    source.holds(Level.DEVELOPER)
    source.pass_day()
    source.sync()
    assert len(source.all_of(Row)) == 1
    assert set(source.gaps) == {"audit/own/no_permission", "repository_audit/own/no_permission"}


def test_no_address_of_anybody_is_archived(source: OneReader) -> None:
    where = {"ip_address": "192.0.2.7", "author_email": "dev-1@example.com"}
    record(source, source.project, A_DAY, **where, target_details="dev-9@example.com", add="user")
    source.sync()
    (row,) = source.all_of(Row)
    assert row.detail == "add: user"
    archived = source.house.everything()
    for hidden in ("192.0.2.7", "dev-1@example.com", "dev-9@example.com"):
        assert hidden not in archived


def test_an_event_without_a_name_is_called_by_what_was_done(source: OneReader) -> None:
    asking = source.connector()._asking
    told = {
        "id": 1,
        "entity_type": "Project",
        "created_at": "2026-02-01T00:00:00Z",
        "details": {"remove": "user_access", "entity_path": "acme/web", "author_name": "Dev One"},
    }
    row = audit_row(asking, "acme", None, told, None)
    assert (row.action, row.repository) == ("remove user_access", "acme/web")
    assert audit_row(asking, "acme", None, {**told, "details": None}, None).action == (
        "audit_operation"
    )


def test_an_event_that_cannot_be_read_is_a_gap(source: OneReader) -> None:
    record(source, source.project, A_DAY)
    source.double.damage("audit_events", lambda said: [{**e, "created_at": None} for e in said])
    source.sync()
    assert [gap.reason for gap in source.house.gaps()] == [GapReason.UNREADABLE]


def test_archived_pages_alone_give_the_same_rows(source: OneReader, tmp_path: Path) -> None:
    record(source, source.project, A_DAY)
    record(source, top(source), 50 * A_DAY)
    source.sync()
    assert source.house.is_rebuilt_alike(source.connector(), tmp_path)


def test_a_role_that_is_told_its_own_events_alone_is_no_whole_story(source: OneReader) -> None:
    mine = record(source, source.project, A_DAY)
    theirs = record(source, source.project, 2 * A_DAY)
    theirs.author = source.world.user("reviewer-2")
    source.holds(Level.DEVELOPER)
    source.sync()
    assert times(source) == [mine.created_at]
    gap = source.gaps["repository_audit/own/no_permission"]
    assert gap.reason == GapReason.NO_PERMISSION
    assert "own account" in gap.what
    source.sync()
    assert "repository_audit/own/no_permission" in source.gaps
    source.holds(Level.MAINTAINER)
    source.sync()
    assert times(source) == [theirs.created_at, mine.created_at]
    assert "repository_audit/own/no_permission" not in source.gaps
