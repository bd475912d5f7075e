"""Every case that is named, as it ends up in rows: the double's story against its truth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import TypeVar

import pytest

from data.model import (
    Change,
    ChangeCommit,
    ChangeKind,
    CheckRun,
    Commit,
    Deployment,
    Environment,
    Incident,
    PipelineRun,
    Record,
    Repository,
    Review,
)
from tests.connectors.gitlab.one_project import SITE, OneProject
from tests.connectors.house import RowKey
from tests.doubles.gitlab.cases import Cases, tell
from tests.doubles.gitlab.telling import hour
from tests.doubles.gitlab.world import MergeRequest

R = TypeVar("R", bound=Record)
WEB = "gitlab:acme/shop/web#"


class Told:
    """The story, and what was read of it."""

    def __init__(self, cases: Cases, read: OneProject) -> None:
        self.cases = cases
        self._records = read.house.records()

    def row(self, kind: type[R], key: str) -> R:
        """A row of a kind by its id, or what follows the first project in it."""
        return next(row for row in self.of(kind) if row.id in (key, WEB + key))

    def of(self, kind: type[R]) -> list[R]:
        return [row for row in self._records.values() if isinstance(row, kind)]

    def change(self, request: MergeRequest) -> Change:
        path = request.project.full_path
        return self.row(Change, f"gitlab:{path}#merge_request/{request.iid}")

    def reviews(self, request: MergeRequest) -> list[Review]:
        found = [row for row in self.of(Review) if row.change == str(request.iid)]
        own = [row for row in found if row.repository == request.project.full_path]
        return sorted(own, key=lambda row: row.id)

    def has(self, key: RowKey) -> bool:
        return key in self._records


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    cases = tell()
    made = OneProject(tmp_path_factory.mktemp("cases"), cases.world)
    with closing(made):
        made.settings = {"incidents": [{"labels": ["incident"]}]}
        made.sync()
        yield Told(cases, made)


# --- how changes land --------------------------------------------------------------------------


def test_a_merge_commit_lands_the_change(told: Told) -> None:
    request = told.cases.merged
    change = told.change(request)
    assert (change.kind, change.landed_sha) == (ChangeKind.MERGE, request.merge_commit_sha)
    assert change.head_sha == request.head_sha
    assert (change.opened_at, change.merged_at) == (request.created_at, request.merged_at)
    assert (change.author, change.merged_by, change.is_bot) == ("dev-1", "reviewer-2", False)
    assert change.labels == ("feature",)
    assert change.url == f"{SITE}/acme/shop/web/-/merge_requests/{request.iid}"


def test_the_merge_commit_says_which_change_it_is_of(told: Told) -> None:
    landed = told.change(told.cases.merged).landed_sha
    commit = told.row(Commit, f"commit/{landed}")
    assert commit.is_mainline
    assert commit.sha == told.cases.merged.merge_commit_sha


def test_a_squash_under_a_merge_commit_lands_by_that_commit(told: Told) -> None:
    request = told.cases.squashed
    change = told.change(request)
    assert change.landed_sha == request.merge_commit_sha
    assert change.commit_count == 2
    squash = told.row(Commit, f"commit/{request.squash_commit_sha}")
    assert not squash.is_mainline


def test_a_semi_linear_project_has_merge_commits_of_rebased_branches(told: Told) -> None:
    request = told.cases.rebased
    change = told.change(request)
    assert (change.kind, change.landed_sha) == (ChangeKind.MERGE, request.merge_commit_sha)
    assert change.rewritten_at is not None


def test_a_fast_forward_lands_the_commits_of_the_branch(told: Told) -> None:
    request = told.cases.forwarded
    change = told.change(request)
    assert (change.kind, change.landed_sha) == (ChangeKind.REBASE, request.head_sha)
    landed = told.row(Commit, f"gitlab:acme/forward#commit/{change.landed_sha}")
    assert landed.is_mainline


def test_a_fast_forward_of_a_squash_lands_that_one_commit(told: Told) -> None:
    request = told.cases.forwarded_squashed
    change = told.change(request)
    assert (change.kind, change.landed_sha) == (ChangeKind.SQUASH, request.squash_commit_sha)


def test_a_merge_train_lands_as_any_other(told: Told) -> None:
    request = told.cases.by_train
    assert told.change(request).landed_sha == request.merge_commit_sha
    assert told.change(request).kind == ChangeKind.MERGE


def test_a_merge_of_the_target_is_no_work_of_the_branch(told: Told) -> None:
    request = told.cases.brought_up
    commits = {
        row.sha: row
        for row in told.of(ChangeCommit)
        if row.repository == "acme/shop/web" and row.change == str(request.iid)
    }
    assert [commits[sha].ordinal for sha in request.commits] == [1, 2]
    assert [commits[sha].is_merge for sha in request.commits] == [False, True]
    assert told.change(request).rewritten_at is None


def test_a_direct_push_is_a_mainline_commit_that_no_change_claims(told: Told) -> None:
    commit = told.row(Commit, f"commit/{told.cases.direct_sha}")
    claimed = {row.landed_sha for row in told.of(Change)} | {
        row.sha for row in told.of(ChangeCommit)
    }
    assert commit.is_mainline
    assert commit.change is None
    assert commit.sha not in claimed


def test_every_other_mainline_commit_but_the_first_and_those_pushed_is_claimed(told: Told) -> None:
    claimed = {row.landed_sha for row in told.of(Change)} | {
        row.sha for row in told.of(ChangeCommit)
    }
    unclaimed = [
        row.subject for row in told.of(Commit) if row.is_mainline and row.sha not in claimed
    ]
    assert set(unclaimed) == {"Begin", "Get ahead of it", "Hotfix"}


# --- reviews -----------------------------------------------------------------------------------


def test_an_approval_is_of_the_head_it_was_given_for(told: Told) -> None:
    request = told.cases.stale
    (review,) = told.reviews(request)
    assert review.sha == request.commits[0] != request.head_sha
    assert review.dismissed_at is None
    assert review.submitted_at == request.created_at + timedelta(hours=1)


def test_an_approval_that_a_push_took_back_is_dismissed_then(told: Told) -> None:
    request = told.cases.reset
    (review,) = told.reviews(request)
    assert review.sha == request.commits[0]
    assert review.dismissed_at == request.created_at + timedelta(hours=2)


def test_an_approval_that_was_revoked_is_dismissed_and_another_stands(told: Told) -> None:
    request = told.cases.revoked
    by = {(review.author, review.state): review for review in told.reviews(request)}
    assert by["reviewer-2", "approved"].dismissed_at == request.created_at + timedelta(hours=2)
    assert by["owner-3", "approved"].dismissed_at is None
    assert by["reviewer-2", "commented"].sha == request.head_sha


def test_who_merges_alone_is_told_as_both(told: Told) -> None:
    change = told.change(told.cases.self_merged)
    assert change.author == change.merged_by == "dev-1"
    assert told.reviews(told.cases.self_merged) == []
    assert change.reviewed_at is None


def test_a_bot_is_one_by_the_type_of_its_account(told: Told) -> None:
    change = told.change(told.cases.by_bot)
    assert change.is_bot is True
    assert change.author == told.cases.by_bot.author.username


def test_deleted_accounts_are_null_and_their_approval_stands(told: Told) -> None:
    change = told.change(told.cases.by_deleted)
    assert (change.author, change.merged_by, change.is_bot) == (None, None, None)
    (review,) = told.reviews(told.cases.by_deleted)
    assert (review.author, review.dismissed_at) == (None, None)


def test_a_draft_is_ready_when_it_was_last_marked_so(told: Told) -> None:
    request = told.cases.drafted
    assert told.change(request).ready_at == request.created_at + timedelta(hours=12)
    assert told.change(told.cases.merged).ready_at == told.cases.merged.created_at


def test_a_forced_push_after_approval_is_told_with_its_time(told: Told) -> None:
    request = told.cases.force_pushed
    assert told.change(request).rewritten_at == request.created_at + timedelta(hours=2)
    (review,) = told.reviews(request)
    assert review.sha == request.versions[0].head_sha
    assert told.change(told.cases.squashed).rewritten_at is None


def test_jobs_of_the_last_pipeline_are_the_checks_of_the_head(told: Told) -> None:
    head = told.cases.merged.head_sha
    checks = {row.name: row for row in told.of(CheckRun) if row.sha == head}
    assert {name: row.result for name, row in checks.items()} == {
        "lint": "success",
        "test": "success",
    }
    assert all(row.completed_at for row in checks.values())


# --- pipelines ---------------------------------------------------------------------------------


def test_a_retried_pipeline_is_one_run_with_its_last_end(told: Told) -> None:
    for pipeline in (told.cases.retried, told.cases.retried_whole):
        run = told.row(PipelineRun, f"run/{pipeline.id}/1")
        assert (run.result, run.finished_at) == ("success", pipeline.finished_at)


def test_cancelled_and_skipped_are_neither_good_nor_bad(told: Told) -> None:
    runs = [told.cases.cancelled, told.cases.skipped]
    results = [told.row(PipelineRun, f"run/{run.id}/1").result for run in runs]
    assert results == ["cancelled", "skipped"]


def test_a_pipeline_downstream_is_told_once_and_names_the_one_that_started_it(told: Told) -> None:
    upstream = f"{WEB}run/{told.cases.upstream.id}/1"
    child = told.row(PipelineRun, f"run/{told.cases.child.id}/1")
    other = told.row(PipelineRun, f"gitlab:acme/linear#run/{told.cases.downstream.id}/1")
    assert (child.parent, child.event) == (upstream, "parent_pipeline")
    assert (other.parent, other.event) == (upstream, "pipeline")
    assert told.row(PipelineRun, upstream).parent is None
    runs = [row.id for row in told.of(PipelineRun)]
    assert (
        len(runs)
        == len(set(runs))
        == sum(len(project.pipelines) for project in told.cases.world.projects.values())
    )


# --- deployments -------------------------------------------------------------------------------


def deployment(told: Told, name: str) -> Deployment:
    return told.row(Deployment, f"deployment/{getattr(told.cases, name).id}")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("approved", "success"),
        ("rejected", "failed"),
        ("blocked", "running"),
        ("failed", "failed"),
        ("reported", "success"),
    ],
)
def test_a_deployment_ends_as_gitlab_says(told: Told, name: str, status: str) -> None:
    assert deployment(told, name).status == status


def test_a_job_by_hand_that_nobody_started_is_no_deployment_yet(told: Told) -> None:
    key = f"{WEB}deployment/{told.cases.created.id}"
    assert not told.has(("deployment", key))


def test_who_approved_a_deployment_is_told_and_who_rejected_is_not(told: Told) -> None:
    names = ("approved", "rejected", "lower")
    assert [deployment(told, name).approved_by for name in names] == [("reviewer-2",), (), ()]


def test_a_deployment_is_over_when_its_job_is(told: Told) -> None:
    assert deployment(told, "approved").deployed_at == hour(131.5)
    reported = told.cases.reported
    assert deployment(told, "reported").deployed_at == reported.finished_at


def test_environments_that_differ_in_letter_case_are_two(told: Told) -> None:
    assert deployment(told, "upper").environment == "Staging"
    assert deployment(told, "lower").environment == "staging"


def test_environments_tell_their_tier_and_who_must_approve(told: Told) -> None:
    found = {row.name: row for row in told.of(Environment)}
    assert {name: row.tier for name, row in found.items()} == {
        "production": "production",
        "Staging": "staging",
        "staging": "staging",
        "old-corner": None,
    }
    assert found["production"].required_approvals == 1
    assert found["production"].reviewers == ("Maintainers",)
    assert (found["staging"].required_approvals, found["staging"].reviewers) == (0, ())


# --- projects and incidents --------------------------------------------------------------------


def test_projects_of_the_group_are_read_under_their_names_of_today(told: Told) -> None:
    by_name = {row.name: row for row in told.of(Repository)}
    assert by_name["acme/new-name"].host_id == str(told.cases.moved.id)
    assert by_name["acme/attic"].is_archived is True
    assert by_name["acme/shop/web"].is_archived is False
    assert by_name["acme/shop/web"].is_private is True


def test_an_incident_that_was_opened_again_ends_with_its_last_close(told: Told) -> None:
    incident = told.row(Incident, f"issue/{told.cases.reopened.iid}")
    assert incident.reopened_count == 1
    assert (incident.started_at, incident.resolved_at) == (hour(150), hour(154))
    assert incident.severity == "high"
    assert incident.is_withdrawn is False


# --- places of commits -------------------------------------------------------------------------


def test_commits_have_the_places_of_the_mainline(told: Told) -> None:
    for project in (told.cases.web, told.cases.linear, told.cases.forward):
        head = project.branches["main"]
        mainline = [one.sha for one in project.history(head, is_first_parent=True)][::-1]
        home = f"gitlab:{project.full_path}#commit"
        rows = [told.row(Commit, f"{home}/{sha}") for sha in mainline]
        assert [row.position for row in rows] == list(range(1, len(mainline) + 1))
        assert all(row.is_mainline for row in rows)
