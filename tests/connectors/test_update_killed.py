"""`kill -9` at any moment: the next turn completes, and all is as if nothing had happened."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.store.manifest import current_id, snapshot_path, verified_manifest
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.connectors import dying
from tests.connectors.nursery import Nursery, nursery
from tests.connectors.scripted import ROUNDS, set_round, workspace_at

KILLS = 40
SEED = 20261121
LANES = 2


@dataclass(frozen=True, slots=True)
class Calm:
    """What turns come to that nobody disturbs."""

    contents: dict[int, str]
    """The content hash after each round."""
    seconds: float
    """How long the longest turn takes."""


@pytest.fixture(scope="module")
def nurseries() -> Iterator[list[Nursery]]:
    with ExitStack() as running:
        yield [running.enter_context(nursery(dying.__name__)) for _ in range(LANES)]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder in memory, where there is one: a kill needs no disk, and a disk is slow."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    is_there = memory.is_dir() and os.access(memory, os.W_OK)
    made = Path(tempfile.mkdtemp(prefix="cairn-killed-", dir=memory if is_there else None))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def calm(nurseries: list[Nursery], folder: Path) -> Calm:
    workspace = workspace_at(folder / "calm", sources=1)
    contents, longest = {}, 0.0
    for number in range(1, ROUNDS + 1):
        set_round(workspace, number)
        ended = nurseries[0].run(dying.sync_once, str(workspace.folder))
        contents[number] = ended.result["content"]
        longest = max(longest, ended.seconds)
    assert len(set(contents.values())) == ROUNDS
    return Calm(contents, longest)


def assert_readable(workspace: Workspace) -> str | None:
    """The pointer names a whole snapshot, whose tables have the rows that its manifest says."""
    if not workspace.current.exists():
        return None
    manifest = verified_manifest(snapshot_path(workspace, current_id(workspace)))
    counts = " union all ".join(
        f"select '{table}' as name, count(*) as n from \"{table}\"" for table in manifest["rows"]
    )
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        assert {row["name"]: row["n"] for row in opened.rows(counts)} == manifest["rows"]
        return opened.id


def live(nursery: Nursery, workspace: Workspace, calm: Calm, moments: random.Random) -> int:
    """Lives through all rounds and a rebuild, killed again and again; returns how often."""
    kills = 0
    for number in (*range(1, ROUNDS + 1), None):
        if number is not None:
            set_round(workspace, number)
        turn = dying.rebuild_once if number is None else dying.sync_once
        before = assert_readable(workspace)
        while True:
            after_seconds = moments.uniform(0, 1.1 * calm.seconds)
            ended = nursery.run(turn, str(workspace.folder), kill_after_seconds=after_seconds)
            is_readable = assert_readable(workspace)
            assert is_readable or before is None, "the pointer was lost"
            if not ended.is_killed:
                break
            kills += 1
        assert ended.result["content"] == calm.contents[number or ROUNDS], f"round {number}"
        assert ended.result["snapshot"] == is_readable
    return kills


@pytest.mark.slow
def test_two_hundred_kills_at_any_moment_leave_what_an_undisturbed_sync_leaves(
    nurseries: list[Nursery], folder: Path, calm: Calm
) -> None:
    def lane(number: int) -> int:
        moments, kills, lives = random.Random(SEED + number), 0, 0
        while kills < KILLS / LANES:
            workspace = workspace_at(folder / f"lane-{number}-{lives}", sources=1)
            kills += live(nurseries[number], workspace, calm, moments)
            shutil.rmtree(workspace.folder)
            lives += 1
        return kills

    with ThreadPoolExecutor(LANES) as lanes:
        assert sum(lanes.map(lane, range(LANES))) >= KILLS


WINDOWS = [
    (window, times)
    for window in dying.WINDOWS
    for times in ((1, 3, 6) if "event is logged" in window or "commit" in window else (1,))
]


@pytest.mark.parametrize(("window", "times"), WINDOWS)
def test_a_kill_in_a_window_leaves_what_an_undisturbed_sync_leaves(
    nurseries: list[Nursery], folder: Path, calm: Calm, window: str, times: int
) -> None:
    workspace = workspace_at(folder / "window", sources=1)
    text = workspace.configuration.read_text()
    workspace.configuration.write_text(
        text.replace("[organisation]", "[organisation]\nkeep_snapshots = 2")
    )
    nursery, path = nurseries[0], str(workspace.folder)
    is_killed = []
    for number in range(1, ROUNDS + 1):
        set_round(workspace, number)
        before = assert_readable(workspace)
        is_killed.append(nursery.run(dying.die_in_sync, path, window, times).is_killed)
        assert assert_readable(workspace) or before is None
        ended = nursery.run(dying.sync_once, path)
        assert ended.result["content"] == calm.contents[number]
        assert ended.result["snapshot"] == assert_readable(workspace)
    assert any(is_killed), "the window was never come to"
    assert not list(workspace.snapshots.glob(".*"))
    shutil.rmtree(workspace.folder)


@pytest.mark.parametrize("window", dying.REBUILD_WINDOWS)
def test_a_kill_in_a_window_of_a_rebuild_leaves_what_was_there_or_what_it_derived(
    nurseries: list[Nursery], folder: Path, calm: Calm, window: str
) -> None:
    workspace = workspace_at(folder / "window", sources=1)
    nursery, path = nurseries[0], str(workspace.folder)
    nursery.run(dying.sync_once, path)
    before = assert_readable(workspace)
    assert nursery.run(dying.die_in_rebuild, path, window, 1).is_killed
    assert assert_readable(workspace) >= before
    ended = nursery.run(dying.sync_once, path)
    assert ended.result["content"] == calm.contents[1]
    rebuilt = nursery.run(dying.rebuild_once, path)
    assert rebuilt.result["content"] == calm.contents[1]
    assert rebuilt.result["snapshot"] == assert_readable(workspace)
    assert not list(workspace.store.glob("*rebuilding*"))
    shutil.rmtree(workspace.folder)
