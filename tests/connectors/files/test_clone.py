"""Files of a Git repository: those of its newest commit, whatever lies in its work tree."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.files.dvc.connector import Dvc
from connectors.files.model_cards.connector import ModelCards
from data.model import Evaluation, ModelCard
from tests.connectors.files.model_cards.test_conformance import card
from tests.connectors.files.source import FileSource, made, output
from tests.connectors.git.builder import FIRST_AT, GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "files")
    repo.commit("one", {"a/README.md": card("a", "mit"), "b/README.md": card("b", "mit")})
    repo.commit("two", {"a/README.md": card("a", "apache-2.0")})
    repo.commit("three", {"other.txt": "x"})
    return repo


@pytest.fixture
def cards(tmp_path: Path, repo: GitRepo) -> Iterator[FileSource]:
    with made(ModelCards, tmp_path) as source:
        yield source


def test_a_dirty_work_tree_is_not_read(cards: FileSource) -> None:
    cards.read({"a/README.md": card("dirty", "mit"), "c/README.md": card("new", "mit")})
    assert [row.model for row in cards.all(ModelCard)] == ["a", "b"]
    cards.settings["from_git"] = False
    cards.house.set_cursors({})
    cards.sync()
    assert [row.model for row in cards.all(ModelCard)] == ["dirty", "new"]


def test_a_file_stands_in_the_commit_that_last_changed_it(cards: FileSource, repo: GitRepo) -> None:
    cards.sync()
    a, b = cards.all(ModelCard)
    assert (a.sha, a.written_at) == (repo.sha("main~1"), FIRST_AT + timedelta(hours=2))
    assert (b.sha, b.written_at) == (repo.sha("main~2"), FIRST_AT + timedelta(hours=1))


def test_a_file_that_a_merge_brought_stands_in_the_merge(cards: FileSource, repo: GitRepo) -> None:
    repo.commit("side", {"c/README.md": card("c", "mit")}, on="side", parents=[repo.sha("main")])
    merge = repo.merge("side", "merge")
    cards.sync()
    assert cards.one(ModelCard, "c/README.md").sha == merge


def test_where_a_shallow_clone_is_cut_off_nothing_is_known_to_be_new(
    tmp_path: Path, repo: GitRepo
) -> None:
    address = f"file://{repo.path}"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=2", address, str(tmp_path / "shallow")], check=True
    )
    with made(ModelCards, tmp_path, path="shallow") as source:
        assert not source.sync().errors
        assert [row.written_at for row in source.all(ModelCard)] == [None, None]


def test_links_and_submodules_are_no_files(cards: FileSource, repo: GitRepo) -> None:
    link = repo.store("blob", b"a/README.md")
    tree = repo.git("ls-tree", "main")
    tree += f"\n120000 blob {link}\tREADME.md\n160000 commit {repo.sha('main')}\tsub\n"
    tree = repo.git("mktree", stdin=tree.encode())
    who = ("-c", "user.name=Ada Example", "-c", "user.email=ada@example.org")
    sha = repo.git(*who, "commit-tree", "-m", "links", "-p", "main", tree)
    repo.ref("refs/heads/main", sha)
    cards.sync()
    assert [row.path for row in cards.all(ModelCard)] == ["a/README.md", "b/README.md"]


def test_a_blob_that_is_missing_is_a_gap_and_what_it_said_stays(
    cards: FileSource, repo: GitRepo
) -> None:
    cards.sync()
    repo.commit("four", {"a/README.md": card("changed", "mit"), "c/README.md": card("c", "mit")})
    repo.lose(repo.git("rev-parse", "main:a/README.md"))
    assert not cards.sync().errors
    assert [row.model for row in cards.all(ModelCard)] == ["a", "b", "c"]
    assert "missing from the repository" in cards.told()[0]


def test_an_empty_repository_is_told(tmp_path: Path) -> None:
    GitRepo(tmp_path / "files")
    with made(ModelCards, tmp_path) as source:
        (error,) = source.sync().errors
        assert error.what == "it has no commit"


def test_a_repository_elsewhere_is_mirrored(tmp_path: Path, repo: GitRepo) -> None:
    with made(ModelCards, tmp_path) as source:
        source.settings = {"url": f"file://{repo.path}", "branch": "main"}
        assert not source.sync().errors
        assert len(source.all(ModelCard)) == 2
        assert source.sync().pages == 0
        assert source.connector().is_live


def test_metrics_are_kept_for_each_commit_that_changed_them(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "files")
    declared = output("dvc/dvc.yaml")
    first = repo.commit("one", {"dvc.yaml": declared, "metrics.json": '{"accuracy": 0.9}'})
    with made(Dvc, tmp_path) as source:
        source.sync()
        second = repo.commit("two", {"metrics.json": '{"accuracy": 0.8}'})
        source.sync()
        found = {row.id.split("/")[2]: row.value for row in source.all(Evaluation)}
        assert found == {first: 0.9, second: 0.8}
