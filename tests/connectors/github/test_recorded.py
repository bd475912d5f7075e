"""What real GitHub once answered, through the readers that ask for it today.

Skipped where the recordings are not at hand; see `recordings.py`. None of audit logs, rulesets,
rule suites, CODEOWNERS' errors or the rights of workflows was ever recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from connectors.answers.moment import moment
from data.errors import CairnError
from data.model import (
    Deployment,
    Gap,
    GapReason,
    MemberAccess,
    Organisation,
    Protection,
    Record,
    Reuse,
    TaskRun,
)
from tests.connectors.github.past import Past, Read
from tests.connectors.github.recorded_cases import CASES, REPOSITORY, RUNS, Case
from tests.connectors.github.recordings import Recording, are_here, recorded
from tests.connectors.loopback import Answer, Asked

pytestmark = pytest.mark.skipif(
    not are_here(), reason="CAIRN_CONTRACTS names no folder with GitHub's recorded answers"
)
BRANCH = f"{REPOSITORY}/branches/{{branch}}"
DEPLOYMENT = f"{REPOSITORY}/deployments/{{deployment_id}}"


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    with closing(Past(tmp_path_factory.mktemp("past"))) as made:
        yield made


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.template} {case.kind.row.__name__}"
)
def test_all_that_was_told_is_a_row_or_said_to_be_unreadable(past: Past, case: Case) -> None:
    found: Counter[str] = Counter()
    for seen in recorded(case.recorded):
        items, read = case.items(seen), _read(past, case, seen)
        rows = [row for row in read.rows if isinstance(row, case.kind.row)]
        gaps = len(_unreadable(read)) if read.batches else len(items)
        assert len(rows) + gaps == len(items), seen.name
        assert not (seen.is_recent and gaps), seen.name
        if not gaps:
            told = sorted(str(case.kind.named(item)) for item in items)
            assert sorted(map(case.kind.names, rows)) == told, seen.name
        found["recent" if seen.is_recent else "of_old"] += len(rows)
        found["unread"] += gaps
    assert found["recent"] >= case.recent
    assert found["of_old"] >= case.of_old
    assert found["unread"] <= case.unread


def _read(past: Past, case: Case, seen: Recording) -> Read:
    """Reads a recording; of one that lacks too much nothing is read, and one line says why."""
    try:
        return past.read(case.kind.stream, seen, case.told(seen), **case.kind.settings)
    except CairnError as refused:
        said = str(refused)
    assert len(said.splitlines()) == 1
    return Read([], [], [])


def _unreadable(read: Read) -> list[Record]:
    return [r for r in read.rows if isinstance(r, Gap) and r.reason == GapReason.UNREADABLE]


def test_the_jobs_of_a_run_are_what_was_told_of_them(past: Past) -> None:
    runs = {run.path: run.told for run in recorded(f"{REPOSITORY}/{RUNS}/{{run_id}}")}
    for seen in recorded(f"{REPOSITORY}/{RUNS}/{{run_id}}/jobs"):
        path, jobs = seen.path.removesuffix("/jobs"), seen.told["jobs"]
        run = runs[path]
        read = past.read(
            "runs",
            seen,
            {
                f"repos/{seen.repository}/{RUNS}": {"total_count": 1, "workflow_runs": [run]},
                f"{path}/attempts/{run['run_attempt']}/jobs": seen.answer(),
            },
            deployments=[{"from": "jobs", "name": "test (Python 3.1*"}],
        )
        tasks = [row for row in read.rows if isinstance(row, TaskRun)]
        deployed = [row for row in read.rows if isinstance(row, Deployment)]
        assert [(task.name, task.started_at, task.finished_at) for task in tasks] == [
            (job["name"], moment(job["started_at"]), moment(job["completed_at"])) for job in jobs
        ]
        assert {task.result for task in tasks} == {"success"}
        assert (len(tasks), len(deployed)) == (5, 2)
        assert not [row for row in read.rows if isinstance(row, Gap)]


def test_classic_protection_is_what_was_told_of_it(past: Past) -> None:
    found = {}
    for seen in recorded(f"{BRANCH}/protection"):
        branch = f"repos/{seen.repository}/branches/main"
        told = {
            branch: {"name": "main", "protected": True},
            f"{branch}/protection": seen.answer(),
            f"repos/{seen.repository}/rules/branches/main": [],
            f"repos/{seen.repository}/rulesets": [],
        }
        read = past.read("protection", seen, told)
        found[seen.name] = _only_branch(read)
        assert read.gaps == []
        assert read.archived[1].keys() == seen.told.keys()  # also of what is mapped to nothing
    strict, limited, plain = found.values()
    assert (strict.required_approvals, plain.required_approvals) == (2, 1)
    assert (strict.is_code_owner_required, plain.is_code_owner_required) == (True, False)
    assert (strict.is_last_push_approval_required, plain.is_linear_required) == (True, True)
    assert (strict.required_checks, plain.required_checks) == ((), ("build (3.10)",))
    assert strict.is_admin_bound is plain.is_admin_bound is True
    assert (limited.is_admin_bound, limited.bypass_actors) == (False, ("RepositoryRole:admin",))
    assert len(limited.push_actors or ()) == 1
    assert limited.required_approvals is None  # nobody told that in 2018
    assert not any(each.is_force_push_allowed for each in (strict, plain))


def test_a_branch_that_hides_its_protection_says_whether_it_has_any(past: Past) -> None:
    said: Counter[bool | None] = Counter()
    for seen in recorded(BRANCH):
        read = past.read(
            "protection", seen, {f"repos/{seen.repository}/branches/main": seen.answer()}
        )
        branch = _only_branch(read)
        assert branch.is_protected is seen.told.get("protected")
        said[branch.is_protected] += 1
        assert branch.required_approvals == (0 if branch.is_protected is False else None)
    assert said.total() == 20


def _only_branch(read: Read) -> Protection:
    (row,) = [row for row in read.rows if isinstance(row, Protection) and row.kind == "branch"]
    return row


def test_statuses_of_a_deployment_are_read_where_it_has_too_many(past: Past) -> None:
    (statuses,) = recorded(f"{DEPLOYMENT}/statuses")
    told = recorded(DEPLOYMENT)[0].told
    node = {
        "databaseId": told["id"],
        "createdAt": told["created_at"],
        "environment": told["environment"],
        "commitOid": told["sha"],
        "ref": None,
        "creator": {"login": told["creator"]["login"]},
        "statuses": {"pageInfo": {"hasNextPage": True, "endCursor": "x"}, "nodes": []},
    }
    listed = {"totalCount": 1, "pageInfo": {"hasNextPage": False}, "nodes": [node]}
    read = past.read(
        "deployments",
        statuses,
        {
            statuses.path: statuses.answer(),
            f"repos/{statuses.repository}/deployments": [told],
            "graphql": {"data": {"repository": {"deployments": listed}}},
        },
    )
    (deployed,) = read.rows
    assert isinstance(deployed, Deployment)
    assert deployed.sha == told["sha"]
    assert deployed.environment == "test"
    assert deployed.status == "running"  # it was queued three times, and no more
    assert f"{deployed.deployed_at:%Y-%m-%dT%H:%M:%SZ}" == statuses.told[0]["created_at"]
    assert read.archived[1] == statuses.told


def test_files_show_signs_in_trees_of_any_year(past: Past) -> None:
    trees = recorded(f"{REPOSITORY}/git/trees/{{tree_sha}}")
    for seen in trees:
        read = past.read("files", seen, {f"repos/{seen.repository}/git/trees/main": seen.answer()})
        files = [item["path"] for item in seen.told["tree"] if item["type"] == "blob"]
        assert [kept["paths"] for kept in read.archived] == [files]
        assert all(isinstance(row, Reuse) and row.path in files for row in read.rows)
    assert len(trees) == 8


def test_organisations_are_read_by_whoever_asks(past: Past) -> None:
    names = {}
    for seen in recorded("/orgs/{org}"):
        read = past.read_access(seen, {seen.path: seen.answer(), f"{seen.path}/members": []})
        (row,) = [row for row in read.rows if isinstance(row, Organisation)]
        names[seen.name] = row
        assert row.is_two_factor_required == seen.told.get("two_factor_requirement_enabled")
        assert row.plan == seen.told.get("plan", {}).get("name")
    assert len(names) == 24
    assert sum(row.plan is not None for row in names.values()) >= 8


@pytest.mark.parametrize(
    ("path", "count"), [("members", 3), ("outside_collaborators", 2), ("installations", 1)]
)
def test_members_outsiders_and_applications_of_an_organisation_are_read(
    past: Past, path: str, count: int
) -> None:
    rows = 0
    for seen in recorded(f"/orgs/{{org}}/{path}"):
        organisation = seen.path.rpartition("/")[0]
        told = {
            organisation: {"login": "x"},
            f"{organisation}/members": [],
            seen.path: seen.answer(),
        }
        if path == "members":
            told[seen.path] = lambda asked, seen=seen: _by_role(asked, seen)
        read = past.read_access(seen, told)
        found = [row for row in read.rows if isinstance(row, MemberAccess)]
        listed = seen.told["installations"] if path == "installations" else seen.told
        assert [row.id.rpartition("/")[2] for row in found] == [
            str(item.get("login") or item["id"]) for item in listed
        ]
        rows += len(found)
    assert rows == count


def _by_role(asked: Asked, seen: Recording) -> Answer:
    return seen.answer() if asked.params.get("role") == "member" else Answer.json([])


def test_repositories_of_an_account_are_found(past: Past) -> None:
    most = 0
    for seen in recorded("/users/{username}/repos", "/orgs/{org}/repos"):
        past.time.at = seen.at
        owner = seen.path.split("/")[1]
        source = past.connector({seen.path: seen.answer()}, organisation=owner, include_forks=True)
        # Before 2013 none had a default branch; one that was never pushed to needs none.
        known = [one for one in seen.told if "default_branch" in one or not one["pushed_at"]]
        if not known:
            with pytest.raises(CairnError, match=r"none of .* is what it should be"):
                source.places()
            continue
        found = {place.id: place.name for place in source.places()}
        assert found == {str(item["id"]): item["full_name"] for item in known}
        most = max(most, len(found))
    assert most == 10


def test_the_head_of_a_branch_is_the_first_of_its_commits(past: Past) -> None:
    probed = [seen for seen in recorded(f"{REPOSITORY}/commits") if seen.told]
    for seen in probed:
        known = {"name": seen.repository, "branch": "main", "pushed_at": "", "position": 1}
        told = {seen.path: seen.answer()}
        head = {**known, "head": seen.told[0]["sha"]}
        assert past.read("history", seen, told, head).batches == []
        assert len(past.counted) == 1
    assert len(probed) >= 20


@pytest.mark.parametrize(
    ("stream", "path", "field"),
    [("releases", "releases", "releases"), ("tags", "git/matching-refs/tags", "refs")],
)
def test_a_list_that_says_what_it_said_is_not_read_again(
    past: Past, stream: str, path: str, field: str
) -> None:
    nothing = {"totalCount": 0, "pageInfo": {"hasNextPage": False}, "nodes": []}
    asked = {"graphql": {"data": {"repository": {field: nothing}}}}
    template = f"{REPOSITORY}/{path}".replace("/tags", "/{ref}")
    settings: dict[str, Any] = {"deployments": [{"from": stream}]}
    for seen in recorded(template):
        answer = seen.answer()
        first = past.read(stream, seen, {seen.path: answer, **asked}, **settings)
        (batch,) = first.batches
        told = {seen.path: replace(answer, headers={}), **asked}
        assert past.read(stream, seen, told, batch.cursor, **settings).batches == []
        told[seen.path] = Answer.json(seen.told[1:])
        assert len(past.read(stream, seen, told, batch.cursor, **settings).batches) == 1
