"""Rules in force for branches and tags, read over the double of GitLab."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.gitlab.governance.branch_rules import matches
from connectors.gitlab.governance.protection import Protections
from data.model import GapReason
from data.model import Protection as Row
from tests.connectors.gitlab.one_project import TOKEN
from tests.connectors.gitlab.one_reader import OneReader
from tests.doubles.gitlab import story
from tests.doubles.gitlab.world import (
    Access,
    ApprovalRule,
    Level,
    ProtectedTag,
    PushRule,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneReader]:
    made = OneReader(tmp_path, Protections)
    with closing(made):
        story.push(made.world, made.project, made.dev, made.at(), "Begin")
        yield made


def branch(source: OneReader) -> Row:
    """The newest row of the branch."""
    return max(of(source, "branch"), key=lambda row: row.changed_before_at)


def of(source: OneReader, kind: str) -> list[Row]:
    return [row for row in source.all_of(Row) if row.kind == kind]


def demand(source: OneReader, count: int, *branches: str, kind: str = "regular") -> None:
    number = source.world.new_id()
    rule = ApprovalRule(number, f"rule {number}", count, kind, branches=list(branches))
    source.project.approval_rules.append(rule)


def test_a_branch_without_rules_is_known_to_be_unprotected(source: OneReader) -> None:
    source.sync()
    row = branch(source)
    assert (row.is_protected, row.is_request_required, row.required_approvals) == (False, False, 0)
    assert (row.required_checks, row.bypass_actors, row.is_admin_bound) == ((), (), False)
    assert (row.is_force_push_allowed, row.is_deletion_allowed) == (True, False)
    assert (row.is_signature_required, row.has_code_owners) == (False, False)
    assert row.id == "gitlab:acme/shop/web#protection/branch/main@2026-03-01T12:00:00+00:00"
    assert source.gaps == {}


def test_protection_that_lets_nobody_push_asks_for_merge_requests(source: OneReader) -> None:
    story.protect(source.world, source.project, push=0, is_code_owner_required=True)
    source.sync()
    row = branch(source)
    assert (row.is_protected, row.is_request_required, row.is_admin_bound) == (True, True, True)
    assert (row.push_actors, row.bypass_actors) == ((), ())
    assert (row.is_force_push_allowed, row.is_code_owner_required) == (False, True)


def test_who_may_push_passes_the_rules_by(source: OneReader) -> None:
    made = story.protect(source.world, source.project, push=40)
    made.push.append(Access(1, 40, user_id=7))
    made.push.append(Access(2, 40, deploy_key_id=8))
    source.sync()
    row = branch(source)
    assert (row.is_request_required, row.is_admin_bound) == (False, False)
    assert row.push_actors == row.bypass_actors == ("Key:8", "Role:maintainer", "User:7")


def test_whether_an_account_that_may_push_is_a_maintainer_is_unknown(source: OneReader) -> None:
    made = story.protect(source.world, source.project, push=0)
    made.push.append(Access(1, 40, user_id=7))
    source.sync()
    assert (branch(source).push_actors, branch(source).is_admin_bound) == (("User:7",), None)


def test_the_most_permissive_rule_counts_but_for_code_owners(source: OneReader) -> None:
    world, project = source.world, source.project
    story.protect(world, project, "main", push=0, is_code_owner_required=True)
    story.protect(world, project.group.lineage[-1], "ma*", push=30, is_force_push_allowed=True)
    story.protect(world, project, "release/*", push=40)
    source.sync()
    row = branch(source)
    assert (row.push_actors, row.is_force_push_allowed) == (("Role:developer",), True)
    assert (row.is_code_owner_required, row.is_request_required) == (True, False)


def test_merge_settings_are_rules_too(source: OneReader) -> None:
    project = source.project
    project.must_pipeline_succeed, project.must_discussions_be_resolved = True, True
    project.merge_method = "ff"
    source.sync()
    row = branch(source)
    assert (row.required_checks, row.is_up_to_date_required) == (("pipeline",), True)
    assert (row.is_conversation_resolution_required, row.is_linear_required) == (True, True)
    assert row.is_merge_queue_required is False


def test_as_many_approvals_are_needed_as_the_greatest_rule_for_the_branch_says(
    source: OneReader,
) -> None:
    demand(source, 1, kind="any_approver")
    demand(source, 2, "ma*")
    demand(source, 5, "release")
    demand(source, 7, kind="report_approver")
    source.project.approval_settings.is_committer_barred = True
    source.sync()
    row = branch(source)
    assert (row.required_approvals, row.is_stale_approval_dismissed) == (2, True)
    assert row.is_last_push_approval_required is True


def test_signed_commits_are_a_push_rule(source: OneReader) -> None:
    source.project.push_rule = PushRule(1, is_signature_required=True)
    source.sync()
    assert branch(source).is_signature_required is True


def test_what_the_plan_does_not_have_is_null_and_one_gap(source: OneReader) -> None:
    source.project.group.lineage[-1].plan = "free"
    source.sync()
    row = branch(source)
    assert (row.is_protected, row.is_force_push_allowed) == (False, True)
    told = (row.required_approvals, row.is_stale_approval_dismissed, row.is_signature_required)
    assert told == (None, None, None)
    (gap,) = source.gaps.values()
    assert gap.reason == GapReason.NOT_FOUND
    assert "approval rules, what becomes of approvals, push rules" in gap.what


def test_hidden_rules_of_a_protected_branch_are_unknown_not_absent(source: OneReader) -> None:
    story.protect(source.world, source.project)
    source.holds(Level.REPORTER)
    source.sync()
    row = branch(source)
    assert (row.is_protected, row.is_request_required, row.is_admin_bound) == (True, None, None)
    assert (row.push_actors, row.bypass_actors, row.is_force_push_allowed) == (None, None, None)
    assert [tag.is_protected for tag in of(source, "tag")] == [None]
    (gap,) = source.gaps.values()
    assert gap.reason == GapReason.NO_PERMISSION


def test_a_branch_that_says_it_is_unprotected_is_so_though_the_rules_are_hidden(
    source: OneReader,
) -> None:
    source.holds(Level.REPORTER)
    source.sync()
    assert (branch(source).is_protected, branch(source).bypass_actors) == (False, ())


def test_a_change_lies_between_two_looks(source: OneReader) -> None:
    first = source.time.at
    source.sync()
    source.pass_day()
    source.sync()
    story.protect(source.world, source.project)
    source.pass_day()
    source.sync()
    before, after = sorted(of(source, "branch"), key=lambda row: row.changed_before_at)
    assert (before.changed_after_at, before.changed_before_at) == (None, first)
    assert (after.changed_after_at, after.changed_before_at) == (
        first + 24 * HOUR,
        first + 48 * HOUR,
    )
    assert (before.is_protected, after.is_protected) == (False, True)
    assert [row.changed_before_at for row in of(source, "tag")] == [first]


def test_what_changed_outlives_a_change_of_settings(source: OneReader) -> None:
    first = source.time.at
    source.sync()
    story.protect(source.world, source.project)
    source.pass_day()
    source.house.sync(source.connector(), source.context, settings="1" * 64)
    before, after = sorted(of(source, "branch"), key=lambda row: row.changed_before_at)
    assert (before.changed_after_at, before.changed_before_at) == (None, first)
    assert (after.changed_after_at, after.changed_before_at) == (first, first + 24 * HOUR)


def test_within_a_day_nothing_is_asked_and_gaps_stay(source: OneReader) -> None:
    source.project.group.lineage[-1].plan = "free"
    source.sync()
    gaps = source.gaps
    story.protect(source.world, source.project)
    source.time.at += 22 * HOUR
    assert source.sync().pages == 0
    assert (source.questions, source.gaps) == (0, gaps)
    source.time.at += 2 * HOUR
    assert source.sync().pages == 1
    assert branch(source).is_protected is True


def test_a_push_changes_no_rules(source: OneReader) -> None:
    source.project.files["docs/CODEOWNERS"] = "* someone@example.com\n"
    source.sync()
    rows = source.all_of(Row)
    assert branch(source).has_code_owners is True
    story.push(source.world, source.project, source.dev, source.at(), "More")
    source.pass_day()
    source.sync()
    assert source.all_of(Row) == rows
    assert [b"is_unchanged" in page for _, page in source.house.pages()] == [False, True]


def test_tags_are_protected_by_pattern_and_told_when_they_no_longer_are(source: OneReader) -> None:
    source.project.protected_tags.append(ProtectedTag("v*", [Access(1, 30)]))
    source.sync()
    told = {row.target: row for row in of(source, "tag")}
    assert {name: row.is_protected for name, row in told.items()} == {"*": False, "v*": True}
    assert (told["v*"].push_actors, told["v*"].bypass_actors) == (
        ("Role:developer",),
        ("Role:maintainer",),
    )
    assert (told["v*"].required_approvals, told["*"].required_checks) == (0, ())
    source.project.protected_tags.clear()
    source.pass_day()
    source.sync()
    newest = max((row for row in of(source, "tag") if row.target == "v*"), key=lambda row: row.id)
    assert (newest.is_protected, newest.changed_before_at) == (False, source.time.at)


def test_a_renamed_project_keeps_the_times_of_its_rules(source: OneReader) -> None:
    first = source.time.at
    source.sync()
    story.rename(source.project, "site", source.at())
    source.time.at += HOUR
    source.sync()
    row = next(row for row in of(source, "branch") if row.repository == "acme/shop/site")
    assert (row.changed_after_at, row.changed_before_at) == (None, first)


def test_no_text_of_code_owners_is_archived(source: OneReader) -> None:
    source.project.files["CODEOWNERS"] = "* someone@example.com\n"
    source.sync()
    archived = source.house.everything()
    assert "c29tZW9uZ" not in archived
    assert "someone@example.com" not in archived


def test_a_token_that_is_no_longer_good_is_told_and_the_rules_stay(source: OneReader) -> None:
    source.sync()
    rows = source.all_of(Row)
    source.pass_day()
    source.double.refuse(r"/projects/\d+/", 401)
    source.double.forget()
    source.house.sync(source.connector(), source.context)
    assert source.all_of(Row) == rows
    assert [gap.reason for gap in source.house.gaps()] == [GapReason.NO_PERMISSION]
    assert TOKEN not in source.house.everything()


@pytest.mark.parametrize("status", [401, 403, 404])
def test_where_all_is_refused_the_rules_stay_and_are_asked_for_again(
    source: OneReader, status: int
) -> None:
    source.sync()
    rows = source.all_of(Row)
    source.house.set_cursors({})
    source.double.refuse(r"/projects/\d+/", status)
    source.sync()
    source.sync()
    assert source.all_of(Row) == rows
    assert len(source.house.gaps()) == 1
    source.double.allow()
    source.sync()
    assert (source.all_of(Row), source.house.gaps()) == (rows, [])


@pytest.mark.parametrize("odd", [None, [], "two"])
def test_a_rule_that_does_not_say_how_many_must_approve_is_not_passed_over(
    source: OneReader, odd: object
) -> None:
    demand(source, 2)
    source.double.damage("approval_rules", lambda told: [{**told[0], "approvals_required": odd}])
    result = source.house.sync(source.connector(), source.context)
    assert [error.fix for error in result.errors] != []
    assert source.all_of(Row) == []


@pytest.mark.parametrize("path", ["protected_branches", "protected_tags", "approval_rules"])
def test_what_is_no_answer_is_told_and_nothing_is_lost(source: OneReader, path: str) -> None:
    story.protect(source.world, source.project)
    source.sync()
    rows = source.all_of(Row)
    source.pass_day()
    source.double.damage(path, lambda told: [{"odd": 1}])
    result = source.house.sync(source.connector(), source.context)
    assert [error.fix for error in result.errors] != []
    assert source.all_of(Row) == rows


def test_archived_pages_alone_give_the_same_rows(source: OneReader, tmp_path: Path) -> None:
    source.sync()
    story.protect(source.world, source.project)
    source.pass_day()
    source.sync()
    assert source.house.is_rebuilt_alike(source.connector(), tmp_path)


def test_a_protected_name_may_stand_for_many() -> None:
    assert matches("release/*", "release/1.0/hotfix")
    assert matches("*", "main")
    assert not matches("release", "release/1")
    assert not matches("ma?n", "main")
