"""`cairn init`: what it writes can be read, and says what it means."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from connectors.kinds import connect_all
from connectors.update import context_of
from data.configuration import Configuration, load
from data.store.workspace import Workspace
from tests.app.cli.running import run
from tests.connectors.git.builder import GitRepo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder beside one, `src`, that holds two clones and something else."""
    for name, tag in (("web", "v1.2.0"), ("api", "api-1.0")):
        repo = GitRepo(tmp_path / "src" / name)
        repo.commit("first")
        repo.tag(tag)
    (tmp_path / "src" / "notes").mkdir()
    (tmp_path / "src" / "README").touch()
    return tmp_path / "ours"


def read(folder: Path) -> Configuration:
    """The configuration, with every source's own keys checked."""
    workspace = Workspace(folder)
    configuration = load(workspace.configuration)
    connect_all(workspace, configuration, context_of(workspace, configuration, lambda *_: None))
    return configuration


def test_repositories_become_sources(folder: Path) -> None:
    src = folder.parent / "src"
    assert run(folder, "init", str(src / "web"), str(src / "api")).exit_code == 0
    assert [(s.name, s.options) for s in read(folder).source] == [
        ("web", {"path": "../src/web"}),
        ("api", {"path": "../src/api"}),
    ]
    text = (folder / "cairn.toml").read_text(encoding="utf-8")
    assert '# deploy_tags = "v{version}"' in text
    assert '# deploy_tags = "api-{version}"' in text


@pytest.mark.parametrize("is_filled", [True, False])
def test_what_is_marked_out_is_valid_and_links_to_its_page(folder: Path, is_filled: bool) -> None:
    run(folder, "init", *([str(folder.parent / "src" / "web")] if is_filled else []))
    path = folder / "cairn.toml"
    text = path.read_text(encoding="utf-8")
    assert "never fetches" in text or "as you last fetched it" in text
    for page in re.findall(r"docs/\S+\.md", text):
        assert (Path(__file__).parents[3] / page).is_file()
    path.write_text(re.sub(r"(?m)^# (?=\[|\w+ = )", "", text), encoding="utf-8")
    configuration = read(folder)
    assert {source.kind for source in configuration.source} == {"git", "github", "gitops"}
    assert configuration.service
    assert configuration.team


def test_a_folder_of_bare_repositories_says_how_to_name_them(tmp_path: Path) -> None:
    GitRepo(tmp_path / "mirrors" / "web.git", is_bare=True)
    result = run(tmp_path / "ours", "init", str(tmp_path / "mirrors"))
    assert f"`cairn init {tmp_path}/mirrors/*`" in result.stderr


def test_a_folder_of_clones_says_how_to_name_them(folder: Path) -> None:
    src = folder.parent / "src"
    result = run(folder, "init", str(src))
    assert result.exit_code == 3
    assert f"`cairn init {src}/*`" in result.stderr
    assert not (folder / "cairn.toml").exists()


def test_what_is_no_repository_among_others_is_left_out_and_told(folder: Path) -> None:
    result = run(folder, "init", *map(str, sorted((folder.parent / "src").iterdir())))
    assert result.exit_code == 0
    assert {source.name for source in read(folder).source} == {"web", "api"}
    (told,) = result.stderr.splitlines()
    assert "notes: this is not a git repository: left out" in told


@pytest.mark.parametrize("is_bare", [False, True])
def test_a_clone_that_lost_its_objects_is_not_called_a_folder_of_some(
    tmp_path: Path, *, is_bare: bool
) -> None:
    repo = GitRepo(tmp_path / "web", is_bare=is_bare)
    repo.commit("first")
    git_dir = tmp_path / "web" / ("" if is_bare else ".git")
    (git_dir / "logs").mkdir(exist_ok=True)
    (git_dir / "logs" / "HEAD").touch()
    shutil.rmtree(git_dir / "objects")
    result = run(tmp_path / "ours", "init", str(tmp_path / "web"))
    assert result.exit_code == 3
    assert "web: this is not a git repository; let `path` name a clone" in result.stderr


def test_without_git_that_is_the_cause_that_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder.parent / "src" / "notes"))
    result = run(folder, "init", str(folder.parent / "src" / "web"))
    assert result.exit_code == 3
    assert result.stderr == "cairn: this machine: the command `git` was not found; install git\n"


def test_a_folder_that_holds_only_hidden_clones_is_not_called_a_folder_of_some(
    folder: Path,
) -> None:
    notes = folder.parent / "src" / "notes"
    GitRepo(notes / ".cache").commit("first")
    assert "notes: this is not a git repository" in run(folder, "init", str(notes)).stderr


def test_a_folder_whose_name_is_no_utf_8_is_left_out_with_what_to_do(folder: Path) -> None:
    src = folder.parent / "src"
    latin = src / os.fsdecode(b"caf\xe9")
    (src / "web").rename(latin)
    alone = run(folder, "init", str(latin))
    assert alone.exit_code == 3
    (told,) = alone.stderr.splitlines()
    assert told.endswith("its path holds a name that is not UTF-8; give that folder another name")
    assert not (folder / "cairn.toml").exists()
    assert run(folder, "init", str(latin), str(src / "api")).exit_code == 0
    assert [source.name for source in read(folder).source] == ["api"]


def test_what_is_suggested_is_valid_whatever_folders_and_tags_are_called(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / 'the "b"\x7f team')
    repo.commit("first")
    repo.tag('a"b-1.0')
    result = run(tmp_path / "ours", "init", str(repo.path))
    assert result.exit_code == 0, result.stderr
    text = (tmp_path / "ours" / "cairn.toml").read_text(encoding="utf-8")
    (source,) = tomllib.loads(text.replace("# deploy_tags", "deploy_tags"))["source"]
    assert source["deploy_tags"] == 'a"b-{version}'
    assert source["path"] == '../the "b"\x7f team'
