"""Every case that is named can be told from what the double of GitLab sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.doubles.gitlab.asking import Asker, asking
from tests.doubles.gitlab.cases import Cases, tell
from tests.doubles.gitlab.double import GitLabDouble
from tests.doubles.gitlab.world import Deployment, MergeRequest, Pipeline


@pytest.fixture(scope="module")
def cases() -> Cases:
    return tell()


@pytest.fixture(scope="module")
def ask(cases: Cases) -> Iterator[Asker]:
    with asking(GitLabDouble(cases.world)) as asker:
        yield asker


def shown(ask: Asker, change: MergeRequest) -> Any:
    """A merge request as REST shows it."""
    return ask.json(f"projects/{change.project.id}/merge_requests/{change.iid}")


def nested(ask: Asker, change: MergeRequest) -> Any:
    """A merge request as GraphQL shows it."""
    told = ask.question(
        "changes", project=change.project.full_path, iids=[str(change.iid)], first=1
    )
    return told["data"]["project"]["mergeRequests"]["nodes"][0]


def actions(ask: Asker, change: MergeRequest) -> list[tuple[str, str]]:
    """What happened to it, in order, and who did it."""
    notes = nested(ask, change)["activity"]["nodes"]
    return [(n["systemNoteMetadata"]["action"], n["author"]["username"]) for n in notes]


def deployed(ask: Asker, deployment: Deployment) -> Any:
    """A deployment as REST shows it alone."""
    project = deployment.environment.project
    return ask.json(f"projects/{project.id}/deployments/{deployment.id}")


def ran(ask: Asker, run: Pipeline) -> Any:
    """A pipeline as GraphQL shows it."""
    told = ask.question("pipelines", project=run.project.full_path, first=100, jobs=True)
    found = told["data"]["project"]["pipelines"]["nodes"]
    return next(node for node in found if node["id"].endswith(f"/{run.id}"))


# --- ways to land -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("merged", ["merge_commit_sha"]),
        ("squashed", ["merge_commit_sha", "squash_commit_sha"]),
        ("rebased", ["merge_commit_sha"]),
        ("forwarded", []),
        ("forwarded_squashed", ["squash_commit_sha"]),
        ("by_train", ["merge_commit_sha"]),
    ],
)
def test_what_landed_is_the_merge_commit_else_the_squash_commit_else_the_head(
    ask: Asker, cases: Cases, name: str, told: list[str]
) -> None:
    change: MergeRequest = getattr(cases, name)
    told_of = shown(ask, change)
    names = [key for key in ("merge_commit_sha", "squash_commit_sha") if told_of[key]]
    landed = told_of["merge_commit_sha"] or told_of["squash_commit_sha"] or told_of["sha"]
    mainline = ask.all(
        f"projects/{change.project.id}/repository/commits", first_parent="true", per_page=100
    )
    assert names == told
    assert landed in [commit["id"] for commit in mainline]


def test_a_squash_of_a_merge_is_its_second_parent(ask: Asker, cases: Cases) -> None:
    told = shown(ask, cases.squashed)
    merge = ask.json(f"projects/{cases.web.id}/repository/commits/{told['merge_commit_sha']}")
    assert merge["parent_ids"][1] == told["squash_commit_sha"]
    assert told["sha"] not in merge["parent_ids"]


def test_a_semi_linear_merge_stands_on_the_newest_of_its_target(ask: Asker, cases: Cases) -> None:
    path = f"projects/{cases.linear.id}/repository/commits"
    merge = ask.json(f"{path}/{cases.rebased.merge_commit_sha}")
    newest, head = merge["parent_ids"]
    assert ask.json(f"{path}/{head}")["parent_ids"] == [newest]
    assert ("commit", "reviewer-2") in actions(ask, cases.rebased)
    assert nested(ask, cases.rebased)["approvedBy"]["nodes"] == [{"username": "reviewer-2"}]


def test_a_fast_forward_leaves_no_merge_on_the_mainline(ask: Asker, cases: Cases) -> None:
    commits = ask.all(f"projects/{cases.forward.id}/repository/commits", per_page=100)
    assert {len(commit["parent_ids"]) for commit in commits} <= {0, 1}


def test_a_train_is_told_by_its_note_and_its_pipeline(ask: Asker, cases: Cases) -> None:
    (run,) = ask.json(f"projects/{cases.web.id}/merge_requests/{cases.by_train.iid}/pipelines")
    assert ("merge", "reviewer-2") in actions(ask, cases.by_train)
    assert run["ref"] == f"refs/merge-requests/{cases.by_train.iid}/train"
    by_id = ran(ask, cases.by_train.pipelines[0])
    assert by_id["mergeRequestEventType"] == "MERGE_TRAIN"


def test_a_direct_push_belongs_to_no_merge_request(ask: Asker, cases: Cases) -> None:
    path = f"projects/{cases.web.id}/repository/commits/{cases.direct_sha}"
    assert ask.json(f"{path}/merge_requests") == []
    assert ask.json(f"{path}/signature")["verification_status"] == "verified"


# --- reviews ------------------------------------------------------------------------------------


def heads(told: Any) -> list[str]:
    """The heads the branch had, in order, from the notes of pushes and the head of now."""
    bodies = (note["body"] for note in told["activity"]["nodes"])
    before = [found[1] for found in (re.search(r"start_sha=(\w+)", b) for b in bodies) if found]
    return [*before, told["diffHeadSha"]]


def test_an_approval_before_a_later_push_still_stands_where_pushes_reset_none(
    ask: Asker, cases: Cases
) -> None:
    told = nested(ask, cases.stale)
    assert [action for action, _ in actions(ask, cases.stale)] == ["approved", "commit"]
    assert told["approvedBy"]["nodes"] == [{"username": "reviewer-2"}]
    assert heads(told) == [version.head_sha for version in cases.stale.versions]


def test_an_approval_that_a_push_reset_is_noted_with_its_approver(ask: Asker, cases: Cases) -> None:
    told = nested(ask, cases.reset)
    assert actions(ask, cases.reset)[-1] == ("approvals_reset", "dev-1")
    assert "@reviewer-2" in told["activity"]["nodes"][-1]["body"]
    assert told["approvedBy"]["nodes"] == []


def test_an_approval_that_was_revoked_leaves_both_notes(ask: Asker, cases: Cases) -> None:
    told = nested(ask, cases.revoked)
    assert actions(ask, cases.revoked) == [
        ("approved", "reviewer-2"),
        ("unapproved", "reviewer-2"),
        ("approved", "owner-3"),
    ]
    assert told["approvedBy"]["nodes"] == [{"username": "owner-3"}]
    assert [note["author"]["username"] for note in told["comments"]["nodes"]] == ["reviewer-2"]
    assert "body" not in told["comments"]["nodes"][0]


def test_a_self_merge_has_one_account_and_no_approval(ask: Asker, cases: Cases) -> None:
    told = nested(ask, cases.self_merged)
    assert told["author"] == told["mergeUser"] == {"username": "dev-1", "bot": False}
    assert told["approvedBy"]["nodes"] == []


def test_a_bot_is_told_by_its_account_in_graphql_alone(ask: Asker, cases: Cases) -> None:
    assert nested(ask, cases.by_bot)["author"]["bot"] is True
    author = shown(ask, cases.by_bot)["author"]
    assert "bot" not in author
    assert author["username"].startswith(f"project_{cases.web.id}_bot_")


def test_a_deleted_account_is_a_ghost_who_wrote_and_nobody_who_merged(
    ask: Asker, cases: Cases
) -> None:
    told, nested_told = shown(ask, cases.by_deleted), nested(ask, cases.by_deleted)
    assert told["author"]["username"] == nested_told["author"]["username"] == "ghost"
    assert told["merge_user"] is nested_told["mergeUser"] is None
    assert actions(ask, cases.by_deleted) == [("approved", "ghost")]


def test_a_draft_is_told_by_its_notes(ask: Asker, cases: Cases) -> None:
    bodies = [note["body"] for note in nested(ask, cases.drafted)["activity"]["nodes"]]
    assert [body.rpartition(" ")[2] for body in bodies[:3]] == [
        "**ready**",
        "**draft**",
        "**ready**",
    ]
    assert shown(ask, cases.drafted)["draft"] is False


def test_a_forced_push_is_the_last_whose_head_before_is_gone(ask: Asker, cases: Cases) -> None:
    told = nested(ask, cases.force_pushed)
    commits = {commit["sha"] for commit in told["commits"]["nodes"]}
    gone = [sha not in commits for sha in heads(told)]
    assert gone == [True, True, False, False]
    assert heads(told) == [version.head_sha for version in cases.force_pushed.versions]
    assert actions(ask, cases.force_pushed)[0] == ("approved", "reviewer-2")


def test_a_merge_among_the_commits_is_told_by_its_absence(ask: Asker, cases: Cases) -> None:
    told = nested(ask, cases.brought_up)
    all_of_them = [commit["sha"] for commit in told["commits"]["nodes"]]
    authored = [commit["sha"] for commit in told["commitsWithoutMergeCommits"]["nodes"]]
    (merge,) = set(all_of_them) - set(authored)
    assert merge == cases.brought_up.commits[1]


def test_a_label_taken_off_a_merge_request_is_gone_without_a_note(ask: Asker, cases: Cases) -> None:
    assert shown(ask, cases.merged)["labels"] == ["feature"]
    assert actions(ask, cases.merged) == [("approved", "reviewer-2")]


# --- pipelines ----------------------------------------------------------------------------------


def test_a_retried_job_stays_and_its_pipeline_keeps_number_and_start(
    ask: Asker, cases: Cases
) -> None:
    told = ran(ask, cases.retried)
    jobs = [(job["name"], job["status"], job["retried"]) for job in reversed(told["jobs"]["nodes"])]
    assert jobs == [
        ("build", "SUCCESS", False),
        ("test", "FAILED", True),
        ("test", "SUCCESS", False),
    ]
    assert (told["status"], told["startedAt"]) == ("SUCCESS", "2026-02-07T09:00:05Z")
    assert told["finishedAt"] == "2026-02-07T10:01:00Z"


def test_a_retried_pipeline_is_the_same_pipeline(ask: Asker, cases: Cases) -> None:
    path = f"projects/{cases.web.id}/pipelines/{cases.retried_whole.id}"
    assert ask.json(path)["status"] == "success"
    assert len(ask.json(f"{path}/jobs")) == 1
    assert len(ask.json(f"{path}/jobs", include_retried="true")) == 2


def test_cancelled_and_skipped_say_so(ask: Asker, cases: Cases) -> None:
    cancelled, skipped = ran(ask, cases.cancelled), ran(ask, cases.skipped)
    assert (cancelled["status"], skipped["status"]) == ("CANCELED", "SKIPPED")
    assert (skipped["startedAt"], skipped["finishedAt"]) == (None, None)


def test_a_pipeline_downstream_names_the_one_that_started_it(ask: Asker, cases: Cases) -> None:
    upstream = f"gid://gitlab/Ci::Pipeline/{cases.upstream.id}"
    told = ran(ask, cases.downstream)
    web = f"gid://gitlab/Project/{cases.web.id}"
    bridges = ask.json(f"projects/{cases.web.id}/pipelines/{cases.upstream.id}/bridges")
    assert (told["source"], told["upstream"]) == (
        "pipeline",
        {"id": upstream, "project": {"id": web}},
    )
    started = {bridge["downstream_pipeline"]["id"] for bridge in bridges}
    assert started == {cases.child.id, cases.downstream.id}


def test_a_child_is_in_no_list_unless_asked_for(ask: Asker, cases: Cases) -> None:
    path = f"projects/{cases.web.id}/pipelines"
    listed = [run["id"] for run in ask.all(path, per_page=100)]
    children = [run["id"] for run in ask.all(path, source="parent_pipeline")]
    assert cases.child.id not in listed
    assert children == [cases.child.id]


# --- deployments --------------------------------------------------------------------------------


def test_approvals_of_a_deployment_are_told_alone_and_by_environment(
    ask: Asker, cases: Cases
) -> None:
    alone = deployed(ask, cases.approved)
    listed = ask.all(f"projects/{cases.web.id}/deployments", per_page=100)
    told = ask.question(
        "deployment_approvals", project="acme/shop/web", environment="production", first=100
    )["data"]["project"]["environment"]["deployments"]["nodes"]
    by_iid = {node["iid"]: node for node in told}
    approvals = by_iid[str(cases.approved.iid)]["approvals"]
    assert [given["user"]["username"] for given in alone["approvals"]] == ["reviewer-2"]
    assert [given["status"] for given in approvals] == ["APPROVED"]
    assert "approvals" not in listed[0]
    assert by_iid[str(cases.blocked.iid)]["pendingApprovalCount"] == 1


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("approved", "success"),
        ("rejected", "failed"),
        ("blocked", "blocked"),
        ("created", "created"),
        ("failed", "failed"),
    ],
)
def test_a_deployment_says_how_it_stands(ask: Asker, cases: Cases, name: str, status: str) -> None:
    told = deployed(ask, getattr(cases, name))
    is_over = status in ("success", "failed")
    assert told["status"] == status
    assert (told["deployable"]["finished_at"] is not None) == is_over


def test_a_deployment_that_was_reported_has_no_job(ask: Asker, cases: Cases) -> None:
    assert deployed(ask, cases.reported)["deployable"] is None


def test_environments_that_differ_in_case_are_two(ask: Asker, cases: Cases) -> None:
    told = [deployed(ask, one)["environment"] for one in (cases.upper, cases.lower)]
    assert [place["name"] for place in told] == ["Staging", "staging"]
    assert told[0]["id"] != told[1]["id"]


def test_only_the_environment_itself_tells_its_tier(ask: Asker, cases: Cases) -> None:
    tiers = {e["name"]: e["tier"] for e in ask.all(f"projects/{cases.web.id}/environments")}
    assert "tier" not in deployed(ask, cases.approved)["environment"]
    assert tiers == {
        "Staging": "staging",
        "old-corner": None,
        "production": "production",
        "staging": "staging",
    }


# --- incidents, rules and places ----------------------------------------------------------------


def test_an_incident_that_was_reopened_has_its_history_apart(ask: Asker, cases: Cases) -> None:
    path = f"projects/{cases.web.id}/issues/{cases.reopened.iid}"
    told, events = ask.json(path), ask.json(f"{path}/resource_state_events")
    assert (told["issue_type"], told["severity"]) == ("incident", "HIGH")
    assert [event["state"] for event in events] == ["closed", "reopened", "closed"]
    assert told["closed_at"] == events[-1]["created_at"]


def test_a_label_removed_later_is_in_the_label_events_alone(ask: Asker, cases: Cases) -> None:
    path = f"projects/{cases.web.id}/issues"
    events = ask.json(f"{path}/{cases.unlabelled.iid}/resource_label_events")
    removed = [event["label"]["name"] for event in events if event["action"] == "remove"]
    assert removed == ["incident"]
    assert ask.json(path, labels="incident") == []
    assert [issue["iid"] for issue in ask.json(path, labels="sev1")] == [cases.unlabelled.iid]


def test_a_branch_protected_by_a_group_is_told_as_inherited(ask: Asker, cases: Cases) -> None:
    rules = ask.json(f"projects/{cases.web.id}/protected_branches")
    assert [(rule["name"], rule["inherited"]) for rule in rules] == [
        ("main", False),
        ("release/*", True),
    ]


def test_a_moved_project_is_found_under_both_old_paths(ask: Asker, cases: Cases) -> None:
    for path in ("elsewhere%2Fold-name", "elsewhere%2Fnew-name"):
        location = ask.get(f"projects/{path}").headers["Location"]
        assert location.endswith(f"/projects/{cases.moved.id}")
    assert ask.json(f"projects/{cases.moved.id}")["path_with_namespace"] == "acme/new-name"


def test_an_archived_project_is_listed_as_such(ask: Asker) -> None:
    asked = {"include_subgroups": "true", "per_page": 100}
    archived = ask.json("groups/acme/projects", archived="true", **asked)
    assert [project["path"] for project in archived] == ["attic"]
    assert len(ask.json("groups/acme/projects", **asked)) == 5


def test_members_of_groups_above_are_only_in_the_full_list(ask: Asker, cases: Cases) -> None:
    path = f"projects/{cases.web.id}/members"
    own = {member["username"] for member in ask.json(path)}
    everyone = {m["username"]: m["access_level"] for m in ask.json(f"{path}/all", per_page=100)}
    assert "owner-3" not in own
    assert (everyone["owner-3"], everyone["reviewer-2"], everyone["dev-1"]) == (50, 40, 30)


def test_what_the_pipeline_includes_is_told_by_its_lint(ask: Asker, cases: Cases) -> None:
    told = ask.json(f"projects/{cases.web.id}/ci/lint")["includes"]
    assert [(one["type"], one["location"]) for one in told] == [
        ("local", "ci/build.yml"),
        ("file", "acme/shared"),
        ("component", "gitlab.example/acme/lint@1.2.0"),
    ]
