"""What happens around a command: its output is refused, its user leaves, names are hostile."""

from __future__ import annotations

import importlib
import json
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

import app.cli.main
import app.cli.metric
from app.cli.main import cairn
from connectors.update import Update
from data.ledger.refusal import LedgerBroken
from data.store.workspace import Workspace
from data.trail.turn import Followed
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
    assert result.stderr.startswith("cairn: the output: cannot be used (No space left on device); ")
    assert result.stderr.count("\n") == 1


def test_a_sync_goes_on_without_standard_error(bare: Path) -> None:
    result = shell("sync --format json 2>&-", bare)
    assert result.returncode == 0
    assert [row["source"] for row in json.loads(result.stdout)["rows"]] == ["test"]


@pytest.mark.parametrize("output", ["", ">&-", ">/dev/full"])
def test_a_folder_called_cairn_toml_is_told_in_one_line(tmp_path: Path, output: str) -> None:
    path = tmp_path / "cairn.toml"
    path.mkdir()
    result = shell(f"demo {output}", tmp_path)
    assert result.returncode == 3
    (told,) = result.stderr.splitlines()
    assert told.startswith(f"cairn: {path}: cannot be used (Is a directory); mend that")


@pytest.mark.parametrize("errors", ["2>&-", "2>/dev/full", "2>&1 >&- | true"])
@pytest.mark.parametrize(
    ("verb", "code"), [("demo", 3), ("metric lead_tim", 2), ("metric lead_time", 3)]
)
def test_an_error_that_nobody_hears_keeps_its_exit_code(
    tmp_path: Path, verb: str, code: int, errors: str
) -> None:
    (tmp_path / "cairn.toml").mkdir()
    result = shell(f"{verb} {errors}; exit ${{PIPESTATUS[0]}}", tmp_path)
    assert (result.returncode, result.stderr) == (code, "")


@pytest.mark.parametrize("errors", ["", "2>&-"])
def test_a_reader_who_leaves_early_is_no_error(bare: Path, errors: str) -> None:
    line = f"metric --format json {errors} | (exec <&-; cat /dev/null); exit ${{PIPESTATUS[0]}}"
    result = shell(line, bare)
    assert (result.returncode, result.stderr) == (0, "")


def interrupt(*_: object, **__: object) -> None:
    """Does what Ctrl-C does."""
    signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize(
    ("verb", "interrupted", "told"),
    [
        (("sync",), "app.cli.sync.update", "stopped; what was read so far is kept"),
        (("demo",), "app.cli.demo.update", "stopped; what was read so far is kept"),
        (("rebuild",), "connectors.update.rebuild", "stopped"),
        (("metric", "lead_time"), "app.cli.metric.evaluate", "stopped"),
        (("rows", "lead_time"), "app.cli.rows.rows_behind", "stopped"),
    ],
)
def test_ctrl_c_says_what_is_kept_only_where_something_was_read(
    bare: Path, monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...], interrupted: str, told: str
) -> None:
    if verb == ("demo",):
        Workspace(bare).configuration.unlink()
    importlib.import_module(f"app.cli.{verb[0]}")
    monkeypatch.setattr(interrupted, interrupt)
    result = CliRunner().invoke(cairn, ["--data", str(bare), *verb])
    assert (result.exit_code, result.stderr) == (130, f"cairn: {told}\n")


def test_a_rebuild_that_could_not_be_logged_ends_as_a_sync_does(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = LedgerBroken("it is damaged", "ledger.db", "run `cairn audit verify`")
    done = Update((), "s1", is_new=True, content_hash="ab", followed=Followed(troubles=(broken,)))
    monkeypatch.setattr("connectors.update.rebuild", lambda *_: done)
    result = CliRunner().invoke(cairn, ["--data", str(bare), "rebuild"])
    told = "cairn: ledger.db: it is damaged; run `cairn audit verify`\n"
    assert (result.exit_code, result.stderr) == (3, told)
    assert "published snapshot s1" in result.stdout


def test_ctrl_c_ends_a_query_that_takes_long(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def long(*_: object, **__: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        duckdb.sql("select sum(sin(i)) from range(30_000_000) t(i)").fetchall()

    monkeypatch.setattr(app.cli.metric, "evaluate", long)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        result = CliRunner().invoke(cairn, ["--data", str(bare), "metric", "lead_time"])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert (result.exit_code, result.stderr) == (130, "cairn: stopped\n")


def test_an_error_of_the_program_itself_is_not_taken_for_ctrl_c(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(app.cli.metric, "evaluate", broken)
    result = CliRunner().invoke(cairn, ["--data", str(bare), "metric", "lead_time"])
    assert isinstance(result.exception, RuntimeError)


def test_ctrl_c_waits_until_a_verb_is_imported(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported = []

    def slowly(name: str) -> None:
        interrupt()
        imported.append(name)

    monkeypatch.setattr(app.cli.main, "import_module", slowly)
    result = CliRunner().invoke(cairn, ["--data", str(bare), "metric", "lead_time"])
    assert imported == ["app.cli.metric"]
    assert (result.exit_code, result.stderr) == (130, "cairn: stopped\n")


def test_what_is_large_is_imported_only_where_ctrl_c_is_caught() -> None:
    program = "import sys, app.cli.main; print({'duckdb', 'pydantic', 'pyarrow'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"set()\n"


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
