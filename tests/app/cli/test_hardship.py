"""What happens around a command: its output is refused, its user leaves, names are hostile."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.main import cairn
from data.store.workspace import Workspace
from tests.app.organisation import publish_into
from tests.app.serving import CAIRN
from tests.connectors.git.builder import GitRepo

BARE = '[organisation]\nname = "Bare"\n'


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with a snapshot in which nothing has happened."""
    publish_into(tmp_path, [], BARE)
    return tmp_path


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a line as a shell does."""
    return subprocess.run(
        ["bash", "-c", f'"$CAIRN" --data "$FOLDER" {line}'],
        env={"CAIRN": CAIRN, "FOLDER": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_answer_that_cannot_be_written_is_told_in_one_line(bare: Path) -> None:
    result = shell("metric --format json >/dev/full", bare)
    assert result.returncode == 3
    assert result.stderr.startswith("cairn: cannot be used (No space left on device); mend that")
    assert result.stderr.count("\n") == 1


def test_a_sync_goes_on_without_standard_error(bare: Path) -> None:
    result = shell("sync --format json 2>&-", bare)
    assert result.returncode == 0
    assert [row["source"] for row in json.loads(result.stdout)["rows"]] == ["test"]


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "cairn.toml").mkdir()
    result = shell("demo", tmp_path)
    assert result.returncode in (2, 3)
    assert result.stderr.splitlines()[-1].startswith("cairn: ")
    assert "Traceback" not in result.stderr


def test_what_steers_a_terminal_is_not_passed_on(tmp_path: Path) -> None:
    (tmp_path / "cairn.toml").write_text(
        '[[source]]\nname = "web"\nkind = "git"\npath = "\\u001b]0;taken over\\u0007"\n'
    )
    for verb in ("doctor", "sync"):
        result = CliRunner().invoke(cairn, ["--data", str(tmp_path), verb])
        assert "taken over" in result.output
        assert "\x1b" not in result.output
        assert "\x07" not in result.output


def test_repositories_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for owner in ("a", 'the "b" team'):
        (tmp_path / owner).mkdir()
        GitRepo(tmp_path / owner / "web").commit("first")
    folder = tmp_path / "data"
    folder.mkdir()
    places = [str(tmp_path / owner / "web") for owner in ("a", 'the "b" team')]
    result = CliRunner().invoke(cairn, ["--data", str(folder), "init", *places])
    assert result.exit_code == 0, result.output
    sources = tomllib.loads((folder / "cairn.toml").read_text())["source"]
    assert [(s["name"], s["path"]) for s in sources] == [
        ("web", "../a/web"),
        ("web-2", '../the "b" team/web'),
    ]


@pytest.mark.parametrize("manifest", ['{"as_of": "soon"}', "{}"])
def test_a_manifest_that_does_not_say_until_when_is_damage(bare: Path, manifest: str) -> None:
    workspace = Workspace(bare)
    path = workspace.snapshots / f"snapshot-{workspace.current.read_text().strip()}.json"
    told = json.loads(path.read_text())
    del told["as_of"]
    path.chmod(0o644)
    path.write_text(json.dumps(told | json.loads(manifest)))
    result = CliRunner().invoke(cairn, ["--data", str(bare), "metric", "lead_time"])
    assert result.exit_code == 3
    assert "does not say until when it is complete; run `cairn sync`" in result.output


def test_pins_that_are_no_text_pin_nothing(bare: Path) -> None:
    Workspace(bare).pins.write_bytes(b"\xff\xfe\n")
    result = CliRunner().invoke(cairn, ["--data", str(bare), "doctor"])
    assert result.exit_code == 0, result.output
