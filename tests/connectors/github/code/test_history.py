"""The history of a repository: its mainline, pushed to, rewritten, renamed, and read over syncs."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from connectors.github.code.history import History
from data.model import Change, Commit
from tests.connectors.github.organisation import Organisation
from tests.connectors.house import Kill, Killed
from tests.doubles.github import story
from tests.doubles.github.story.pushing import commit
from tests.doubles.github.world import Commit as Made
from tests.doubles.github.world import Repository
from tests.doubles.host import Json

PAGE = 5


@pytest.fixture(autouse=True)
def _small_pages() -> Iterator[None]:
    with patch.object(History, "page_size", PAGE):
        yield


def mainline(acme: Organisation) -> list[str]:
    """Hashes of the mainline by their ordinals, oldest first."""
    on_it = [c for c in acme.rows(Commit) if c.is_mainline]
    return [c.sha for c in sorted(on_it, key=lambda c: c.position or 0)]


def first_parents(repository: Repository) -> list[str]:
    """The mainline as the repository has it, oldest first."""
    found = [repository.branches[repository.default_branch]]
    while repository.commits[found[-1]].parents:
        found.append(repository.commits[found[-1]].parents[0])
    return found[::-1]


def all_are_there(acme: Organisation, repository: Repository) -> bool:
    """Whether all commits below the head were read, the mainline in its order."""
    reachable, stack = set(), [repository.branches[repository.default_branch]]
    while stack:
        sha = stack.pop()
        if sha not in reachable:
            reachable.add(sha)
            stack.extend(repository.commits[sha].parents)
    read = {c.sha for c in acme.rows(Commit)}
    return read == reachable and mainline(acme) == first_parents(repository)


def grow(acme: Organisation, repository: Repository, times: int = 3) -> None:
    """Lands pull requests in each way."""
    merges = (story.squash_merge, story.merge, story.rebase_merge)
    for number in range(times):
        pull = acme.open(repository, f"Change {number}")
        story.push_to(acme.world, pull, acme.dev, acme.next())
        merges[number % 3](acme.world, pull, acme.reviewer, acme.next())


def test_what_lands_later_is_read_down_to_what_is_known(acme: Organisation) -> None:
    web = acme.add_repository()
    grow(acme, web, 9)
    acme.sync()
    before = {c.sha: c.position for c in acme.rows(Commit)}
    grow(acme, web, 4)
    acme.sync()
    assert all_are_there(acme, web)
    assert {c.sha: c.position for c in acme.rows(Commit) if c.sha in before} == before


def test_a_branch_that_began_long_ago_is_read_whole_when_it_lands(acme: Organisation) -> None:
    web = acme.add_repository()
    old = acme.open(web, "Long lived")
    for _ in range(7):
        story.push_to(acme.world, old, acme.dev, acme.next())
    grow(acme, web, 9)
    acme.sync()
    landed = story.merge(acme.world, old, acme.reviewer, acme.next())
    acme.sync()
    assert all_are_there(acme, web)
    places = {c.sha: c.position for c in acme.rows(Commit)}
    assert {places[sha] for sha in old.commits} == {places[landed.sha]}


def test_pages_of_one_head_are_not_mistaken_for_those_of_the_next(acme: Organisation) -> None:
    """The branch moves between two pages of a forward reading: it is no rewritten history."""
    web = acme.add_repository()
    grow(acme, web, 4)
    acme.sync()
    positions = {c.sha: c.position for c in acme.rows(Commit)}
    for _ in range(2 * PAGE):
        story.push(acme.world, web, acme.dev, acme.next())
    asked = iter(range(1000))

    def push_before_the_second_page(answer: Json) -> Json:
        if next(asked) == 0:
            story.push(acme.world, web, acme.dev, acme.next(), "Meanwhile")
        return answer

    acme.double.damage(" History ", push_before_the_second_page)
    acme.sync()
    acme.double.allow()
    assert len(acme.double.asked.like(" History ")) <= 4
    acme.sync()
    assert all_are_there(acme, web)
    assert {sha: positions[sha] for sha in positions} == {
        c.sha: c.position for c in acme.rows(Commit) if c.sha in positions
    }


@pytest.mark.parametrize("page", [0, 1, 2])
def test_killed_while_new_pages_are_read_it_reads_them_again(acme: Organisation, page: int) -> None:
    web = acme.add_repository()
    acme.sync()
    for _ in range(3 * PAGE):
        story.push(acme.world, web, acme.dev, acme.next())
    with pytest.raises(Killed):
        acme.sync(kill=Kill(1 + page, is_committed=True))
    acme.sync()
    assert all_are_there(acme, web)


def test_a_forced_push_replaces_what_was_read(acme: Organisation) -> None:
    web = acme.add_repository()
    grow(acme, web)
    acme.sync()
    web.branches["main"] = first_parents(web)[2]
    for _ in range(2):
        story.push(acme.world, web, acme.dev, acme.next(), "Anew")
    acme.sync()
    assert all_are_there(acme, web)


def test_a_head_that_was_set_back_takes_its_commits_with_it(acme: Organisation) -> None:
    web = acme.add_repository()
    grow(acme, web)
    acme.sync()
    web.branches["main"] = first_parents(web)[2]
    web.pushed_at = acme.next()
    acme.sync()
    assert all_are_there(acme, web)


def test_a_renamed_default_branch_is_the_mainline_as_before(acme: Organisation) -> None:
    web = acme.add_repository()
    grow(acme, web)
    acme.sync()
    web.branches["trunk"] = web.branches.pop("main")
    web.default_branch = "trunk"
    story.push(acme.world, web, acme.dev, acme.next())
    assert acme.sync().errors == []
    assert all_are_there(acme, web)


def test_another_default_branch_is_another_mainline(acme: Organisation) -> None:
    web = acme.add_repository()
    grow(acme, web)
    acme.sync()
    web.branches["next"] = first_parents(web)[1]
    story.push(acme.world, web, acme.dev, acme.next(), "On another branch", "next")
    web.default_branch = "next"
    acme.sync()
    assert all_are_there(acme, web)


def test_an_empty_repository_is_read_without_complaint_and_joins_when_it_is_pushed_to(
    acme: Organisation,
) -> None:
    acme.add_repository("acme/other")
    web = acme.world.add_repository("acme/web")
    assert acme.sync().errors == []
    assert acme.gaps() == []
    story.push(acme.world, web, acme.dev, acme.next())
    acme.sync()
    assert len(acme.rows(Commit)) == 2


def test_pushes_to_other_branches_cost_nothing_that_counts(acme: Organisation) -> None:
    web = acme.add_repository()
    acme.sync()
    story.push(acme.world, web, acme.dev, acme.next())
    acme.sync()
    acme.open(web)
    acme.sync()
    web.pushed_at = acme.next()
    acme.sync()
    assert acme.double.asked.like("/commits")
    assert not acme.double.counted.like("/commits| History ")


def test_what_a_token_may_not_know_is_not_called_a_direct_push(acme: Organisation) -> None:
    web = acme.add_repository()
    acme.land(web)

    def without_requests(answer: Json) -> Json:
        target = answer["data"]["repository"]["ref"]["target"]
        for number, node in enumerate(target["history"]["nodes"]):
            node["associatedPullRequests"] = None
            path = ["repository", "ref", "target", "history", "nodes", number, "associated"]
            error = {"type": "FORBIDDEN", "path": path, "message": "Resource not accessible"}
            answer.setdefault("errors", []).append(error)
        return answer

    acme.double.damage(" History ", without_requests)
    assert acme.sync().errors == []
    assert len(acme.rows(Commit)) == 2
    assert [c.kind for c in acme.rows(Change)] == ["squash"]
    (gap,) = acme.gaps()
    assert "Pull requests: read" in gap.fix


def test_of_several_requests_a_commit_belongs_to_the_one_that_it_landed(
    acme: Organisation,
) -> None:
    web = acme.add_repository()
    acme.land(web)

    def with_another(answer: Json) -> Json:
        for node in answer["data"]["repository"]["ref"]["target"]["history"]["nodes"]:
            other = {"number": 99, "mergedAt": "2026-01-01T00:00:00Z", "mergeCommit": None}
            node["associatedPullRequests"]["nodes"].insert(0, other)
        return answer

    acme.double.damage(" History ", with_another)
    acme.sync()
    landed = {c.sha: c.change for c in acme.rows(Commit)}
    assert landed[web.branches["main"]] == "1"


def test_a_commit_that_cannot_be_read_costs_itself_alone(acme: Organisation) -> None:
    web = acme.add_repository()
    story.push(acme.world, web, acme.dev, acme.next())

    def without_login(answer: Json) -> Json:
        nodes = answer["data"]["repository"]["ref"]["target"]["history"]["nodes"]
        nodes[0]["authors"]["nodes"][0]["user"] = {"name": "dev-1"}
        nodes[1]["authoredDate"] = None
        return answer

    acme.double.damage(" History ", without_login)
    assert acme.sync().errors == []
    assert [c.sha for c in acme.rows(Commit)] == [web.branches["main"]]
    assert [gap.count for gap in acme.gaps()] == [1, 1]


def test_a_token_without_the_right_is_a_gap_that_names_it(acme: Organisation) -> None:
    acme.have_repositories("acme/web")
    rights = {"metadata:read", "pull_requests:read", "deployments:read", "checks:read"}
    acme.double.tokens["ghp_0123456789abcdefABCDEF"].rights = rights
    assert acme.sync().errors == []
    assert acme.rows(Commit) == []
    (gap,) = acme.gaps()
    assert gap.reason == "no_permission"
    assert "Contents: read" in gap.fix


def test_an_octopus_and_a_foreign_history_have_their_places(acme: Organisation) -> None:
    web = acme.add_repository()
    base = web.branches["main"]
    sides = [_commit(acme, web, base).sha for _ in range(4)]
    foreign = _commit(acme, web).sha
    web.branches["main"] = _commit(acme, web, base, *sides, foreign).sha
    web.pushed_at = acme.at
    acme.sync()
    assert all_are_there(acme, web)
    places = {c.sha: c.position for c in acme.rows(Commit)}
    assert {places[sha] for sha in (*sides, foreign)} == {places[web.branches["main"]]}


def _commit(acme: Organisation, repository: Repository, *parents: str) -> Made:
    return commit(acme.world, repository, acme.dev, acme.next(), "By hand", *parents)
