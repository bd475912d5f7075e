"""Positions and containment on random histories, against git's own word on ancestry."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.git.graph import Graph, highest_contained, place, read_graph, salvage_graph
from connectors.git.repository import GitRepository
from data.model import Commit, Version
from tests.connectors.git.builder import GitRepo
from tests.connectors.git.reading import GitReader

Shape = list[list[int]]
"""For each commit the numbers of its parents, all smaller than its own."""


@st.composite
def shapes(draw: st.DrawFn, most: int = 9) -> Shape:
    count = draw(st.integers(1, most))
    shape: Shape = [[]]
    for number in range(1, count):
        earlier = st.integers(0, number - 1)
        shape.append(draw(st.lists(earlier, max_size=3, unique=True)))
    return shape


def build(folder: str, shape: Shape) -> tuple[GitRepo, list[str]]:
    """The last commit is the head of main; every commit without a child is tagged."""
    repo = GitRepo(Path(folder) / "web")
    shas: list[str] = []
    for number, parents in enumerate(shape):
        above = [shas[parent] for parent in parents]
        shas.append(repo.commit(f"c{number}", on="work", parents=above))
    repo.ref("refs/heads/main", shas[-1])
    childless = set(range(len(shape))) - {parent for parents in shape for parent in parents}
    for number in childless:
        repo.tag(f"t{number}", shas[number])
    return repo, shas


def first_parents(shape: Shape, shas: list[str]) -> list[str]:
    """The mainline, oldest first, told from the shape alone."""
    line, number = [shas[-1]], len(shape) - 1
    while shape[number]:
        number = shape[number][0]
        line.append(shas[number])
    return line[::-1]


@settings(max_examples=30)
@given(shape=shapes())
def test_a_position_is_that_of_the_oldest_mainline_commit_that_contains_the_commit(
    shape: Shape,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo, shas = build(folder, shape)
        mainline = first_parents(shape, shas)
        reader = GitReader(Path(folder), path="web").sync()
        assert {commit.sha for commit in reader.all(Commit)} == set(shas)
        for commit in reader.all(Commit):
            above = [n for n, main in enumerate(mainline, 1) if repo.is_ancestor(commit.sha, main)]
            assert commit.position == min(above, default=None)
            assert commit.is_mainline == (commit.sha in mainline)


@settings(max_examples=30)
@given(shape=shapes())
def test_a_version_has_the_highest_mainline_ordinal_that_its_commit_contains(
    shape: Shape,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo, shas = build(folder, shape)
        mainline = first_parents(shape, shas)
        for version in GitReader(Path(folder), path="web").sync().all(Version):
            tagged = version.sha or ""
            below = [n for n, main in enumerate(mainline, 1) if repo.is_ancestor(main, tagged)]
            assert version.position == max(below, default=None)


@settings(max_examples=20)
@given(shape=shapes(7), data=st.data())
def test_reading_in_any_steps_ends_with_the_same_rows_as_reading_once(
    shape: Shape, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo, shas = build(folder, shape)
        reader = GitReader(Path(folder), path="web")
        for number in data.draw(st.lists(st.integers(0, len(shas) - 1), max_size=3)):
            repo.ref("refs/heads/main", shas[number])
            reader.sync()
        repo.ref("refs/heads/main", shas[-1])
        assert reader.sync().rows == GitReader(Path(folder), path="web").sync().rows


@settings(max_examples=15)
@given(shape=shapes())
def test_walking_commit_by_commit_finds_what_git_finds(shape: Shape) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo, shas = build(folder, shape)
        repository = GitRepository(repo.path)
        assert salvage_graph(repository, shas) == read_graph(repository, shas)


def test_a_history_of_a_hundred_thousand_commits_is_placed_without_recursion() -> None:
    count = 100_000
    graph = Graph({str(n): (str(n - 1),) if n else () for n in range(count)})
    mainline = place(graph, str(count - 1), [("old", "5")])
    assert len(mainline.groups) == count
    assert mainline.positions()["5"] == 6
    assert highest_contained(graph.parents, {"5": 6}, ["5", str(count - 1), "4"]) == {
        "5": 6,
        str(count - 1): 6,
        "4": 0,
    }
