"""The cases that have a name look in the double as they look on GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.connectors.loopback import FakeTime
from tests.doubles.github import story
from tests.doubles.github.asking import Asker, asked
from tests.doubles.github.cases import Cases, hour, tell
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.world import Issue, Pull

PULL = """
query Pull($number: Int!) {
  repository(owner: "acme", name: "web") {
    pullRequest(number: $number) {
      state
      isDraft
      author { __typename login }
      mergedBy { __typename login }
      mergedAt
      headRefOid
      mergeCommit { oid parents(first: 3) { totalCount } }
      commits(first: 10) { totalCount nodes { commit { oid committedDate } } }
      reviews(first: 10) { nodes { state submittedAt author { login } commit { oid } } }
      timelineItems(first: 20) {
        nodes {
          __typename
          ... on ReadyForReviewEvent { createdAt }
          ... on HeadRefForcePushedEvent { beforeCommit { oid } afterCommit { oid } }
          ... on ReviewDismissedEvent { createdAt previousReviewState review { state } }
          ... on AddedToMergeQueueEvent { createdAt }
          ... on LabeledEvent { label { name } }
        }
      }
      lastCommit: commits(last: 1) {
        nodes { commit { statusCheckRollup { contexts(first: 10) { nodes {
          __typename
          ... on CheckRun { name status conclusion checkSuite { app { slug } } }
          ... on StatusContext { context state }
        } } } } }
      }
    }
  }
}
"""
HISTORY = """
query { repository(owner: "acme", name: "web") { ref(qualifiedName: "main") { target {
  ... on Commit { history(first: 100) { nodes {
    oid
    parents(first: 3) { nodes { oid } }
    associatedPullRequests(first: 3) { nodes { number mergeCommit { oid } } }
    authors(first: 5) { totalCount nodes { user { login } } }
  } } }
} } } }
"""
ISSUE = """
query Issue($number: Int!) { repository(owner: "acme", name: "web") { issue(number: $number) {
  state
  stateReason
  labels(first: 5) { nodes { name } }
  timelineItems(first: 20) { nodes {
    __typename
    ... on ClosedEvent { createdAt }
    ... on ReopenedEvent { createdAt }
    ... on UnlabeledEvent { createdAt label { name } }
  } }
} } }
"""


@pytest.fixture(scope="module")
def cases() -> Cases:
    return tell()


@pytest.fixture(scope="module")
def asker(cases: Cases) -> Iterator[Asker]:
    double = GitHubDouble(cases.world, FakeTime(hour(200)))
    double.add_token("tok", "owner-3")
    with asked(double, "tok") as asker:
        yield asker


def shown(asker: Asker, pull: Pull) -> Any:
    return asker.graphql(PULL, number=pull.number)["data"]["repository"]["pullRequest"]


def mainline(asker: Asker) -> list[Any]:
    nodes: list[Any] = asker.graphql(HISTORY)["data"]["repository"]["ref"]["target"]["history"][
        "nodes"
    ]
    return nodes


def landed(asker: Asker, pull: Pull) -> list[str]:
    """Commits of the default branch that a pull request brought, newest first."""
    return [
        node["oid"]
        for node in mainline(asker)
        if [p["number"] for p in node["associatedPullRequests"]["nodes"]] == [pull.number]
    ]


def moment(number: float) -> str:
    return f"{hour(number):%Y-%m-%dT%H:%M:%SZ}"


# --- ways to land -----------------------------------------------------------------------------


def test_a_squash_lands_one_new_commit_by_all_its_authors(asker: Asker, cases: Cases) -> None:
    pull = shown(asker, cases.squashed)
    assert pull["commits"]["totalCount"] == 2
    assert landed(asker, cases.squashed) == [pull["mergeCommit"]["oid"]]
    assert pull["mergeCommit"]["parents"]["totalCount"] == 1
    assert pull["mergeCommit"]["oid"] not in [n["commit"]["oid"] for n in pull["commits"]["nodes"]]


def test_a_rebase_lands_as_many_commits_and_its_merge_commit_is_the_last(
    asker: Asker, cases: Cases
) -> None:
    pull = shown(asker, cases.rebased)
    brought = landed(asker, cases.rebased)
    assert len(brought) == pull["commits"]["totalCount"] == 2
    assert set(brought).isdisjoint(n["commit"]["oid"] for n in pull["commits"]["nodes"])
    by_oid = {node["oid"]: node for node in mainline(asker)}
    last = pull["mergeCommit"]["oid"]
    assert last in brought
    (first,) = set(brought) - {last}
    assert by_oid[last]["parents"]["nodes"] == [{"oid": first}]


def test_a_merge_lands_the_branch_as_it_is_under_a_commit_of_two_parents(
    asker: Asker, cases: Cases
) -> None:
    pull = shown(asker, cases.merged)
    assert pull["mergeCommit"]["parents"]["totalCount"] == 2
    own = [node["commit"]["oid"] for node in pull["commits"]["nodes"]]
    assert set(landed(asker, cases.merged)) == {pull["mergeCommit"]["oid"], *own}


def test_a_merge_queue_lands_by_a_bot_what_a_person_put_into_it(asker: Asker, cases: Cases) -> None:
    pull = shown(asker, cases.queued)
    assert pull["mergedBy"] == {"__typename": "Bot", "login": "github-merge-queue"}
    kinds = [event["__typename"] for event in pull["timelineItems"]["nodes"]]
    assert kinds == ["AddedToMergeQueueEvent", "RemovedFromMergeQueueEvent"]


def test_a_history_tells_children_before_parents_and_pulls_of_merged_work_only(
    asker: Asker, cases: Cases
) -> None:
    nodes = mainline(asker)
    place = {node["oid"]: number for number, node in enumerate(nodes)}
    for node in nodes:
        for parent in node["parents"]["nodes"]:
            assert place[parent["oid"]] > place[node["oid"]]
    assert nodes[-1]["associatedPullRequests"]["nodes"] == []


# --- reviews ----------------------------------------------------------------------------------


def test_a_dismissed_review_lost_what_it_said_and_the_timeline_knows_it(
    asker: Asker, cases: Cases
) -> None:
    pull = shown(asker, cases.dismissed)
    assert [review["state"] for review in pull["reviews"]["nodes"]] == ["DISMISSED", "APPROVED"]
    (event,) = pull["timelineItems"]["nodes"]
    assert event["previousReviewState"] == "APPROVED"
    assert event["review"] == {"state": "DISMISSED"}


def test_a_review_of_an_old_commit_names_that_commit(asker: Asker, cases: Cases) -> None:
    pull = shown(asker, cases.stale)
    (review,) = pull["reviews"]["nodes"]
    oids = [node["commit"]["oid"] for node in pull["commits"]["nodes"]]
    assert review["commit"]["oid"] == oids[0]
    assert pull["headRefOid"] == oids[1]


def test_who_merges_alone_is_author_and_merger(asker: Asker, cases: Cases) -> None:
    pull = shown(asker, cases.self_merged)
    assert pull["author"] == pull["mergedBy"] == {"__typename": "User", "login": "dev-1"}
    assert pull["reviews"]["nodes"] == []


def test_a_bot_is_known_by_its_type_and_only_rest_marks_its_login(
    asker: Asker, cases: Cases
) -> None:
    assert shown(asker, cases.by_bot)["author"] == {"__typename": "Bot", "login": "release-bot"}
    listed = asker.get("/repos/acme/web/pulls", state="all", per_page=100).json()
    (pull,) = (one for one in listed if one["number"] == cases.by_bot.number)
    assert (pull["user"]["login"], pull["user"]["type"]) == ("release-bot[bot]", "Bot")


def test_a_deleted_account_is_null(asker: Asker, cases: Cases) -> None:
    pull = shown(asker, cases.by_deleted)
    assert pull["author"] is None
    assert pull["mergedBy"] is None
    assert [review["author"] for review in pull["reviews"]["nodes"]] == [
        {"login": "reviewer-2"},
        None,
    ]
    listed = asker.get("/repos/acme/web/pulls", state="all", per_page=100).json()
    (rest,) = (one for one in listed if one["number"] == cases.by_deleted.number)
    assert rest["user"] is None


def test_a_draft_says_when_it_became_ready(asker: Asker, cases: Cases) -> None:
    pull = shown(asker, cases.drafted)
    assert not pull["isDraft"]
    (event,) = pull["timelineItems"]["nodes"]
    assert event["__typename"] == "ReadyForReviewEvent"
    opened_at = cases.drafted.created_at
    assert event["createdAt"] == moment((opened_at - hour(0)).total_seconds() / 3600 + 10)


def test_a_force_push_after_an_approval_names_both_commits(asker: Asker, cases: Cases) -> None:
    pull = shown(asker, cases.force_pushed)
    (event,) = pull["timelineItems"]["nodes"]
    (review,) = pull["reviews"]["nodes"]
    assert event["beforeCommit"] == review["commit"]
    assert event["afterCommit"]["oid"] == pull["headRefOid"]
    assert pull["commits"]["totalCount"] == 1


def test_checks_tell_skipped_and_cancelled_and_of_statuses_the_latest(
    asker: Asker, cases: Cases
) -> None:
    (node,) = shown(asker, cases.squashed)["lastCommit"]["nodes"]
    contexts = node["commit"]["statusCheckRollup"]["contexts"]["nodes"]
    said = {
        one.get("name") or one["context"]: one.get("conclusion") or one["state"] for one in contexts
    }
    assert said == {
        "build": "SUCCESS",
        "lint": "SKIPPED",
        "e2e": "CANCELLED",
        "ci/old": "SUCCESS",
    }


# --- runs -------------------------------------------------------------------------------------


def test_a_rerun_is_one_run_with_two_attempts(asker: Asker, cases: Cases) -> None:
    path = f"/repos/acme/web/actions/runs/{cases.rerun.id}"
    run = asker.get(path).json()
    assert (run["run_attempt"], run["conclusion"]) == (2, "success")
    assert run["created_at"] == moment(80)
    assert run["run_started_at"] == moment(81)
    assert run["triggering_actor"]["login"] == "reviewer-2"
    first = asker.get(f"{path}/attempts/1").json()
    assert (first["conclusion"], first["run_started_at"]) == ("failure", moment(80))
    second = asker.get(f"{path}/attempts/2").json()
    assert second["created_at"] > second["run_started_at"] > first["created_at"]
    jobs = asker.get(f"{path}/attempts/1/jobs").json()["jobs"]
    assert [(job["name"], job["conclusion"]) for job in jobs] == [
        ("build", "success"),
        ("deploy", "failure"),
    ]
    assert asker.get(f"{path}/jobs").json()["total_count"] == 2
    assert asker.get(f"{path}/jobs", filter="all").json()["total_count"] == 4


def test_a_cancelled_run_is_found_by_how_it_ended(asker: Asker, cases: Cases) -> None:
    found = asker.get("/repos/acme/web/actions/runs", status="cancelled").json()
    assert [run["id"] for run in found["workflow_runs"]] == [cases.cancelled.id]
    jobs = asker.get(f"/repos/acme/web/actions/runs/{cases.cancelled.id}/jobs").json()["jobs"]
    assert [job["conclusion"] for job in jobs] == ["skipped"]


# --- incidents --------------------------------------------------------------------------------


def issue(asker: Asker, one: Issue) -> Any:
    return asker.graphql(ISSUE, number=one.number)["data"]["repository"]["issue"]


def test_a_label_that_was_removed_is_in_the_timeline_only(asker: Asker, cases: Cases) -> None:
    told = issue(asker, cases.unlabelled)
    assert told["labels"]["nodes"] == [{"name": "sev1"}]
    last = told["timelineItems"]["nodes"][-1]
    assert last == {
        "__typename": "UnlabeledEvent",
        "createdAt": moment(95),
        "label": {"name": "incident"},
    }


def test_an_issue_that_was_reopened_tells_when(asker: Asker, cases: Cases) -> None:
    told = issue(asker, cases.reopened)
    events = [
        (event["__typename"], event["createdAt"])
        for event in told["timelineItems"]["nodes"]
        if "createdAt" in event and "label" not in event
    ]
    assert events == [
        ("ClosedEvent", moment(92)),
        ("ReopenedEvent", moment(93)),
        ("ClosedEvent", moment(94)),
    ]
    assert (told["state"], told["stateReason"]) == ("CLOSED", "NOT_PLANNED")


# --- deployments ------------------------------------------------------------------------------


def test_statuses_come_as_they_arrived_backwards(asker: Asker, cases: Cases) -> None:
    path = f"/repos/acme/web/deployments/{cases.out_of_order.id}/statuses"
    told = [(status["state"], status["created_at"]) for status in asker.get(path).json()]
    assert told == [("in_progress", moment(103.8)), ("success", moment(104))]


def test_a_deployment_that_was_replaced_is_inactive(asker: Asker, cases: Cases) -> None:
    path = f"/repos/acme/web/deployments/{cases.inactive.id}/statuses"
    states = [status["state"] for status in asker.get(path).json()]
    assert states == ["inactive", "success", "in_progress"]


def test_environments_may_differ_in_the_case_of_a_letter(asker: Asker, cases: Cases) -> None:
    found = asker.get("/repos/acme/web/environments").json()["environments"]
    assert {"production", "Production"} <= {environment["name"] for environment in found}
    upper = asker.get("/repos/acme/web/deployments", environment="Production").json()
    assert [one["id"] for one in upper] == [cases.upper.id]


# --- rules ------------------------------------------------------------------------------------


def test_a_ruleset_that_only_reports_is_listed_and_in_force_nowhere(
    asker: Asker, cases: Cases
) -> None:
    listed = asker.get("/repos/acme/web/rulesets").json()
    assert {(one["name"], one["enforcement"]) for one in listed} == {
        ("Try this", "evaluate"),
        ("Everywhere", "active"),
    }
    in_force = asker.get("/repos/acme/web/rules/branches/main").json()
    assert {rule["ruleset_id"] for rule in in_force} == {cases.above.id}
    assert {rule["type"] for rule in in_force} == {"non_fast_forward", "deletion"}


def test_an_organisation_s_ruleset_is_in_force_without_being_the_repository_s_own(
    asker: Asker, cases: Cases
) -> None:
    own = asker.get("/repos/acme/web/rulesets", includes_parents="false").json()
    assert [one["id"] for one in own] == [cases.evaluated.id]
    branch = asker.get("/repos/acme/attic/branches/main").json()
    assert branch["protected"] is True
    assert asker.get("/repos/acme/attic/branches/main/protection").status_code == 404


# --- repositories -----------------------------------------------------------------------------


@pytest.mark.parametrize("old", ["elsewhere/old-name", "elsewhere/new-name"])
def test_a_name_a_repository_once_had_leads_to_its_id(asker: Asker, cases: Cases, old: str) -> None:
    moved = asker.get(f"/repos/{old}/commits", per_page=1)
    assert moved.status_code == 301
    target = moved.headers["Location"]
    assert target == f"{asker.url}/api/v3/repositories/{cases.moved.id}/commits?per_page=1"
    assert asker.get(target).status_code == 200
    found = asker.get(f"/repositories/{cases.moved.id}").json()
    assert found["full_name"] == "acme/new-name"


def test_a_name_that_was_given_away_leads_to_who_has_it_now(cases: Cases) -> None:
    world = tell().world
    taken = world.add_repository("elsewhere/old-name")
    double = GitHubDouble(world, FakeTime(hour(200)))
    double.add_token("tok", "owner-3")
    with asked(double, "tok") as asker:
        assert asker.get("/repos/elsewhere/old-name").json()["id"] == taken.id


def test_an_archived_repository_says_so(asker: Asker, cases: Cases) -> None:
    listed = {one["name"]: one["archived"] for one in asker.get("/orgs/acme/repos").json()}
    assert listed == {"web": False, "attic": True, "new-name": False}


def test_an_empty_repository_has_no_history(asker: Asker, cases: Cases) -> None:
    cases.world.add_repository("empty/nothing")
    assert asker.get("/repos/empty/nothing/commits").status_code == 409
    question = """
      { repository(owner: "empty", name: "nothing") { ref(qualifiedName: "main") { name } } }
    """
    assert asker.graphql(question)["data"] == {"repository": {"ref": None}}


def test_a_tree_that_is_too_large_says_that_it_is_cut(asker: Asker, cases: Cases) -> None:
    path = "/repos/acme/web/git/trees/main"
    whole = asker.get(path, recursive=1).json()
    assert not whole["truncated"]
    cases.web.is_tree_truncated = True
    cut = asker.get(path, recursive=1).json()
    cases.web.is_tree_truncated = False
    assert cut["truncated"]
    assert 0 < len(cut["tree"]) < len(whole["tree"])


def test_a_status_that_arrives_late_is_a_change_of_its_deployment(cases: Cases) -> None:
    before = cases.lower.updated_at
    story.report(cases.world, cases.lower, "inactive", hour(199))
    assert cases.lower.updated_at > before
