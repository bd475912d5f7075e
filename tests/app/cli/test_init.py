"""`cairn init`: what it writes can be read, and says what it means."""

from __future__ import annotations

import re
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
    assert {source.kind for source in configuration.source} == {"git", "gitops"}
    assert configuration.service
    assert configuration.team


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
