"""Which files differ between commits, also where some cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.git.differences import FileChange, differences
from connectors.git.repository import GitRepository
from tests.connectors.git.builder import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "web")
    repo.commit("first", {"a.txt": "one", "dir/b.txt": "two"})
    return repo


@pytest.fixture
def repository(repo: GitRepo) -> GitRepository:
    return GitRepository(repo.path)


def test_differences_name_files_as_they_are_and_renames_as_two(
    repo: GitRepo, repository: GitRepository
) -> None:
    before = repo.sha("main")
    odd = 'odd "name"\\\tä.txt'
    after = repo.commit("second", {"a.txt": None, "moved.txt": "one", odd: "3", "dir/b.txt": "4"})
    one = repo.git("rev-parse", f"{before}:a.txt")
    (changes,) = differences(repository, [(after, before)])
    assert changes is not None
    by_path = {change.path: change for change in changes}
    assert by_path["a.txt"] == FileChange("a.txt", one, None, "100644", "D")
    assert by_path["moved.txt"] == FileChange("moved.txt", None, one, "100644", "A")
    assert {(c.path, c.status) for c in changes} >= {(odd, "A"), ("dir/b.txt", "M")}


def test_differences_keep_their_order_past_commits_that_cannot_be_compared(
    repo: GitRepo, repository: GitRepository
) -> None:
    first = repo.sha("main")
    shas = [first, *(repo.commit("next", {"dir/b.txt": f"b{n}"}) for n in range(6))]
    trees = [repo.git("rev-parse", f"{sha}:dir") for sha in shas]
    repo.lose(trees[3])
    gone = repo.commit("gone", on="gone")
    repo.lose(gone)
    pairs = [(shas[0], None), *zip(shas[1:], shas[:-1], strict=True)]
    pairs.insert(1, (gone, shas[0]))
    pairs.append((shas[0], shas[0]))
    found = [c and [change.path for change in c] for c in differences(repository, pairs)]
    b = ["dir/b.txt"]
    assert found == [["a.txt", *b], None, b, b, None, None, b, b, []]


def test_differences_of_some_paths_take_them_literally(
    repo: GitRepo, repository: GitRepository
) -> None:
    before = repo.sha("main")
    after = repo.commit("second", {"*": "1", "dir/x": "1", ":(top)y": "1"})
    for paths in (["*"], ["dir"], [":(top)y"]):
        (changes,) = differences(repository, [(after, before)], paths)
        assert len(changes or ()) == 1
    assert list(differences(repository, [(after, before)], ["nowhere"])) == [[]]
