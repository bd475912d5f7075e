"""A full disk and missing rights: one clear line, the old data intact, and all there after."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from data.store.snapshot import current_id
from data.store.workspace import Workspace
from tests.connectors import dying, scripted
from tests.connectors.nursery import Nursery, nursery
from tests.connectors.scripted import set_round, workspace_at
from tests.connectors.test_update_killed import assert_readable
from tests.connectors.turns import content_hash, sync

DISK_BYTES = 24_000_000

STAGES = {
    "archiving": "before a page is archived",
    "logging": "before an event is logged",
    "merging": "after an event is logged",
    "committing": "before a commit",
    "building": "while facts are built",
    "settling": "before the checkpoint",
    "naming": "before the manifest",
    "pointing": "before the pointer",
}


@pytest.fixture(scope="module")
def child() -> Iterator[Nursery]:
    with nursery(dying.__name__) as running:
        yield running


@pytest.fixture(autouse=True)
def _scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(scripted.kinds._CLASSES, "scripted", (scripted.__name__, "Scripted"))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may come to."""
    made = Path(tempfile.mkdtemp(prefix="cairn-refused-"))
    made.chmod(0o755)
    yield made
    subprocess.run(["chmod", "-R", "u+rwX", str(made)], check=True)
    shutil.rmtree(made)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that is soon full."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={DISK_BYTES}", "cairn-test", str(disk)]
    mounted = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def content_after(folder: Path, rounds: tuple[int, ...]) -> str:
    workspace = workspace_at(folder, sources=1)
    for number in rounds:
        sync(workspace, number)
    return content_hash(workspace)


def assert_refused_and_mended(
    child: Nursery, workspace: Workspace, stage: str, filler: str, said: str, expected: str
) -> None:
    sync(workspace, 1)
    before = assert_readable(workspace)
    set_round(workspace, 3)
    order = (dying.sync_on_a_full_disk, str(workspace.folder), STAGES[stage], filler)
    kind, what, where, fix = child.run(*order).result
    assert kind in ("StoreRefused", "PublishFailed")
    assert said in what
    assert where.startswith(str(workspace.store))
    assert "run" in fix
    assert assert_readable(workspace) == before
    Path(filler or workspace.folder / "none").unlink(missing_ok=True)
    done = sync(workspace)
    assert content_hash(workspace) == expected
    assert assert_readable(workspace) == done.snapshot
    assert not list(workspace.snapshots.glob(".*"))


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    scripted.install()
    return content_after(tmp_path_factory.mktemp("calm"), (1, 3))


@pytest.mark.parametrize("stage", STAGES)
def test_a_full_disk_stops_a_sync_in_one_line_and_nothing_is_lost(
    child: Nursery, small_disk: Path, stage: str, expected: str
) -> None:
    workspace = workspace_at(small_disk / "workspace", sources=1)
    filler, said = str(small_disk / "filler"), "No space left on device"
    assert_refused_and_mended(child, workspace, stage, filler, said, expected)


@pytest.mark.parametrize("stage", STAGES)
def test_files_that_may_not_grow_stop_a_sync_in_one_line_and_nothing_is_lost(
    child: Nursery, tmp_path: Path, stage: str, expected: str
) -> None:
    workspace = workspace_at(tmp_path / "workspace", sources=1)
    assert_refused_and_mended(child, workspace, stage, "", "File too large", expected)


def test_a_disk_that_is_full_from_the_start_says_so(child: Nursery, small_disk: Path) -> None:
    workspace = workspace_at(small_disk / "workspace", sources=1)
    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 65536)
    order = (dying.sync_on_a_full_disk, str(workspace.folder), "before a commit", str(filler))
    kind, what, *_ = child.run(*order).result
    assert (kind, what) == ("StoreRefused", "cannot be used (No space left on device)")
    filler.unlink()
    assert sync(workspace).is_new


def lock_up(*paths: Path, mode: int = 0o555) -> None:
    for path in paths:
        path.chmod(mode)


RIGHTS: dict[str, tuple[Callable[[Workspace], Path], object, str]] = {
    "sync: the store": (lambda w: w.lock, dying.sync_as_nobody, "StoreRefused"),
    "rebuild: the store": (lambda w: w.lock, dying.rebuild_as_nobody, "StoreRefused"),
    "sync: the configuration": (
        lambda w: w.configuration,
        dying.sync_as_nobody,
        "ConfigurationError",
    ),
    "read: the pointer": (lambda w: w.current, dying.read_as_nobody, "StoreRefused"),
    "read: the snapshot": (
        lambda w: w.snapshots / f"snapshot-{current_id(w)}.duckdb",
        dying.read_as_nobody,
        "StoreRefused",
    ),
    "read: the manifest": (
        lambda w: w.snapshots / f"snapshot-{current_id(w)}.json",
        dying.read_as_nobody,
        "StoreRefused",
    ),
}


@pytest.mark.parametrize("case", RIGHTS)
def test_a_file_without_the_right_to_it_is_told_by_name(
    child: Nursery, open_folder: Path, case: str
) -> None:
    workspace = workspace_at(open_folder / "workspace", sources=1)
    sync(workspace)
    file, turn, kind = RIGHTS[case]
    path = file(workspace)
    path.chmod(0o000)
    told = child.run(turn, str(workspace.folder)).result  # type: ignore[arg-type]
    assert told[0] == kind
    assert "Permission denied" in told[1]
    assert told[2] == str(path)
    path.chmod(0o644)
    assert assert_readable(workspace)
    assert not sync(workspace).is_new


@pytest.mark.parametrize("place", ["objects", "working", "snapshots"])
def test_a_place_that_may_not_be_written_is_told_and_nothing_is_lost(
    child: Nursery, open_folder: Path, place: str, expected: str
) -> None:
    workspace = workspace_at(open_folder / "workspace", sources=1)
    sync(workspace)
    before = assert_readable(workspace)
    set_round(workspace, 3)
    everybody = [workspace.store, *workspace.store.rglob("*")]
    for path in everybody:
        path.chmod(0o777 if path.is_dir() else path.stat().st_mode | 0o666)
    match place:
        case "objects":
            lock_up(*(path for path in workspace.archive.rglob("*") if path.is_dir()))
        case "working":
            lock_up(workspace.working, mode=0o444)
        case _:
            lock_up(workspace.snapshots)
    kind, what, where, _ = child.run(dying.sync_as_nobody, str(workspace.folder)).result
    assert kind == ("PublishFailed" if place == "snapshots" else "StoreRefused")
    assert "Permission denied" in what
    assert place in where
    assert assert_readable(workspace) == before
    for path in everybody:
        if path.exists():
            path.chmod(0o777 if path.is_dir() else path.stat().st_mode | 0o666)
    assert sync(workspace).is_new
    assert content_hash(workspace) == expected


def test_a_workspace_where_nothing_may_be_made_is_told(child: Nursery, open_folder: Path) -> None:
    workspace = workspace_at(open_folder / "workspace", sources=1)
    workspace.folder.chmod(0o555)
    kind, what, where, _ = child.run(dying.sync_as_nobody, str(workspace.folder)).result
    assert (kind, what) == ("StoreRefused", "cannot be used (Permission denied)")
    assert where == str(workspace.store)
    assert not workspace.store.exists()
