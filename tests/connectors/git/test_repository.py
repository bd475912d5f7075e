"""Running git on repositories that nobody vouches for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from connectors.git.process import clean_environment, git_version, local_environment, require_git
from connectors.git.repository import (
    NO_HASH,
    AbsentObject,
    FolderRefused,
    GitFailed,
    GitObject,
    GitRepository,
    Ref,
)
from connectors.interface import SourceUnavailable
from data.model import GapReason
from tests.connectors.git.builder import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "web")
    repo.commit("first", {"a.txt": "one", "dir/b.txt": "two"})
    return repo


@pytest.fixture
def repository(repo: GitRepo) -> GitRepository:
    return GitRepository(repo.path)


def test_a_folder_that_the_system_refuses_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / ".git").write_text(f"gitdir: {'x' * 300}\n")
    with pytest.raises(FolderRefused) as caught:
        GitRepository(tmp_path / "web")
    assert caught.value.what == "cannot be read (File name too long)"
    assert caught.value.where == str(tmp_path / "web")


def test_refs_are_listed_without_reading_what_they_stand_for(
    repo: GitRepo, repository: GitRepository
) -> None:
    (repo.git_dir / "refs/tags/v1").write_text("d" * 40 + "\n")
    head = repo.sha("main")
    assert repository.refs("refs/heads/", "refs/tags/") == [
        Ref("refs/heads/main", head, is_head=True, symref=None),
        Ref("refs/tags/v1", "d" * 40, is_head=False, symref=None),
    ]


def test_head_is_what_it_stands_for_whatever_that_is(
    repo: GitRepo, repository: GitRepository
) -> None:
    assert (repository.forwards_to("HEAD"), repository.head()) == (
        "refs/heads/main",
        repo.sha("main"),
    )
    tree = repo.git("rev-parse", "main^{tree}")
    (repo.git_dir / "HEAD").write_text(f"{tree}\n")
    assert (repository.forwards_to("HEAD"), repository.head()) == (None, tree)
    (repo.git_dir / "HEAD").write_text("ref: refs/heads/none\n")
    assert (repository.forwards_to("HEAD"), repository.head()) == ("refs/heads/none", None)


@pytest.mark.parametrize("stored", ["", "garbage\n", "0" * 40 + "\n"])
def test_a_ref_that_git_passes_over_is_listed_as_broken(
    repo: GitRepo, repository: GitRepository, stored: str
) -> None:
    repo.tag("v2")
    (repo.git_dir / "refs/tags/v1").write_text(stored)
    assert {ref.name: ref.sha for ref in repository.refs("refs/tags/")} == {
        "refs/tags/v1": NO_HASH,
        "refs/tags/v2": repo.sha("main"),
    }


def test_a_bare_repository_with_a_file_named_head_is_no_riddle(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "web.git", is_bare=True)
    head = repo.commit("first", {"HEAD": "1"})
    assert GitRepository(repo.path).head() == head


def test_an_error_of_git_is_one_line_that_says_where(repository: GitRepository) -> None:
    with pytest.raises(GitFailed) as caught:
        repository.run("cat-file", "blob", "0" * 40)
    text = str(caught.value)
    assert "\n" not in text
    assert str(repository.path) in text
    assert "fatal:" in text
    assert caught.value.fix


def test_control_characters_in_an_error_do_not_reach_the_terminal(
    repository: GitRepository,
) -> None:
    with pytest.raises(GitFailed) as caught:
        repository.run("rev-parse", "--verify", "--end-of-options", "\x1b[31m\nred")
    assert str(caught.value).isprintable()


def test_records_are_cut_wherever_the_pieces_end(repo: GitRepo, repository: GitRepository) -> None:
    lines = [b"x" * 70_000, b"", b"y" * 140_000]
    sha = repo.store("blob", b"\n".join(lines))
    assert list(repository.records("cat-file", "blob", sha)) == lines


def test_a_reader_that_leaves_early_leaves_no_process_behind(repository: GitRepository) -> None:
    stream = repository.stream("rev-list", "main", "--")
    next(stream)
    stream.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_objects_are_read_and_an_absent_one_is_an_answer(
    repo: GitRepo, repository: GitRepository
) -> None:
    blob = repo.git("rev-parse", "main:a.txt")
    with repository.objects() as objects:
        assert objects.read(blob) == GitObject(blob, "blob", b"one")
        assert objects.read("main:dir/b.txt") == GitObject(
            repo.git("rev-parse", "main:dir/b.txt"), "blob", b"two"
        )
        for name in ("e" * 40, "main:nowhere", "--batch", "two words"):
            assert objects.read(name) == AbsentObject(name, GapReason.MISSING_OBJECT)
        assert objects.read(blob) == GitObject(blob, "blob", b"one")


def test_a_corrupt_object_is_an_answer_and_the_next_are_read(
    repo: GitRepo, repository: GitRepository
) -> None:
    shas = [repo.store("blob", os.urandom(5_000)) for _ in range(5)]
    repo.corrupt(shas[0])
    repo.corrupt(shas[2])
    with repository.objects() as objects:
        answers = list(objects.read_all(shas))
    bad = [n for n, answer in enumerate(answers) if isinstance(answer, AbsentObject)]
    assert bad == [0, 2]
    assert answers[2] == AbsentObject(shas[2], GapReason.UNREADABLE)


def test_an_object_that_is_too_large_is_passed_over(
    repo: GitRepo, repository: GitRepository
) -> None:
    large, small = repo.store("blob", b"x" * 200_000), repo.store("blob", b"x" * 100)
    with repository.objects(max_bytes=1_000) as objects:
        large_answer, small_answer = objects.read_all((large, small))
    assert large_answer == AbsentObject(large, GapReason.TRUNCATED)
    assert isinstance(small_answer, GitObject)


def test_thousands_of_large_objects_are_read_in_one_go(
    repo: GitRepo, repository: GitRepository
) -> None:
    sha = repo.store("blob", b"x" * 50_000)
    with repository.objects() as objects:
        answers = objects.read_all([sha] * 3_000)
        assert sum(isinstance(a, GitObject) and len(a.data) == 50_000 for a in answers) == 3_000


def test_answers_that_nobody_waited_for_are_not_given_to_the_next(
    repo: GitRepo, repository: GitRepository
) -> None:
    one, two = repo.store("blob", b"1"), repo.store("blob", b"2")
    with repository.objects() as objects:
        answers = objects.read_all([one, one, one])
        next(answers)
        answers.close()  # type: ignore[attr-defined]
        assert objects.read(two) == GitObject(two, "blob", b"2")


def test_a_name_that_would_be_two_questions_is_refused(repository: GitRepository) -> None:
    with repository.objects() as objects, pytest.raises(ValueError, match="line break"):
        objects.read("main:a\nmain:b")


def test_the_environment_cannot_steer_git(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    head = repo.sha("main")
    elsewhere = str(GitRepo(tmp_path / "other").git_dir)
    for name, value in {
        "GIT_DIR": elsewhere,
        "GIT_OBJECT_DIRECTORY": elsewhere,
        "GIT_TRACE": str(tmp_path / "trace"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.repositoryFormatVersion",
        "GIT_CONFIG_VALUE_0": "nonsense",
        "LANG": "de_DE.UTF-8",
    }.items():
        monkeypatch.setenv(name, value)
    assert GitRepository(repo.path).head() == head
    assert not (tmp_path / "trace").exists()
    assert local_environment()["GIT_NO_LAZY_FETCH"] == "1"


def test_no_git_at_all_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceUnavailable, match="install git"):
        require_git("web")


def test_a_git_that_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = tmp_path / "git"
    fake.write_text("#!/bin/sh\necho git version 2.11.0.windows.1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert git_version() == (2, 11, 0)
    with pytest.raises(SourceUnavailable, match=r"git 2\.11\.0 is too old"):
        require_git("web")


def test_the_installed_git_is_new_enough() -> None:
    require_git("web")
    assert clean_environment()["GIT_TERMINAL_PROMPT"] == "0"


def test_a_repository_of_another_user_is_read(repo: GitRepo) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder to another user")
    for path in (repo.path, *repo.path.rglob("*")):
        os.chown(path, 12345, 12345)
    git = ["git", "-C", str(repo.path), "status"]
    assert subprocess.run(git, capture_output=True, check=False).returncode != 0
    assert GitRepository(repo.path).head()
