"""A large history of GitLab: the same each time, and read with few questions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doubles.gitlab.asking import Asker, asking
from tests.doubles.gitlab.double import THROTTLE, GitLabDouble
from tests.doubles.gitlab.generate import large_history
from tests.doubles.gitlab.world import Project, World


@pytest.fixture(scope="module")
def web() -> Project:
    return large_history(World())


@pytest.fixture(scope="module")
def ask(web: Project) -> Iterator[Asker]:
    world = World()
    world.groups, world.projects[web.id] = [web.group], web
    double = GitLabDouble(world)
    double.limits = {THROTTLE: (100_000, 60)}
    with asking(double) as asker:
        yield asker


def test_a_large_history_has_what_was_asked_for(web: Project) -> None:
    assert len(web.merge_requests) == 2000
    assert len(web.pipelines) == 10_000
    assert len(web.deployments) == 1000
    assert len(web.issues) == 300
    assert sum(job.is_retried for run in web.pipelines for job in run.jobs) == 50
    assert sum(len(issue.state_events) > 1 for issue in web.issues.values()) == 60


def test_it_is_the_same_each_time(web: Project) -> None:
    again = large_history(World(), changes=100, pipelines=400, deployments=50, issues=15)
    once_more = large_history(World(), changes=100, pipelines=400, deployments=50, issues=15)
    assert again.branches == once_more.branches
    assert [run.id for run in again.pipelines] == [run.id for run in once_more.pipelines]
    assert len(again.pipelines) == 400


def test_all_of_it_is_read_with_fewer_questions_than_a_third_of_the_budget(
    ask: Asker, web: Project
) -> None:
    project, asked = f"projects/{web.id}", ask.double.asked
    before = len(asked)
    order = {"order_by": "updated_at", "sort": "asc", "per_page": 100}
    listed = ask.all(f"{project}/merge_requests", state="all", **order)
    numbers = [str(change["iid"]) for change in listed]
    told = 0
    for start in range(0, len(numbers), 25):
        page = ask.question(
            "changes", project="acme/web", iids=numbers[start : start + 25], first=25
        )
        told += len(page["data"]["project"]["mergeRequests"]["nodes"])
    runs = pipelines(ask)
    deployments = ask.all(f"{project}/deployments", per_page=100)
    commits = ask.all(f"{project}/repository/commits", per_page=100)
    assert (len(listed), told, len(runs), len(deployments)) == (2000, 2000, 10_000, 1000)
    assert len({commit["id"] for commit in commits}) == len(commits) > 5000
    assert len(asked) - before < 333


def pipelines(ask: Asker) -> set[str]:
    """The ids of all pipelines, by GraphQL."""
    found: set[str] = set()
    after = None
    while True:
        told = ask.question("pipelines", project="acme/web", first=100, jobs=False, after=after)
        page = told["data"]["project"]["pipelines"]
        found |= {run["id"] for run in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]
