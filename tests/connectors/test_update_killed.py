"""`kill -9` at any moment: the next turn completes, and all is as if nothing had happened."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from data.store.manifest import current_id, snapshot_path, verified_manifest
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.connectors import dying
from tests.connectors.nursery import Nursery, nursery
from tests.connectors.scripted import ROUNDS, set_round, workspace_at

KILLS = 200
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


def assert_whole(workspace: Workspace) -> str | None:
    """The pointer names a snapshot that is what was published; returns its id."""
    if not workspace.current.exists():
        return None
    named = current_id(workspace)
    verified_manifest(snapshot_path(workspace, named))
    return named


def assert_readable(workspace: Workspace) -> str | None:
    """And its tables have the rows that its manifest says."""
    named = assert_whole(workspace)
    if named is None:
        return None
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        counts = " union all ".join(
            f"select '{table}' as name, count(*) as n from \"{table}\""
            for table in opened.manifest["rows"]
        )
        assert {row["name"]: row["n"] for row in opened.rows(counts)} == opened.manifest["rows"]
    return named


def survive(
    nursery: Nursery,
    turn: Callable[[str], object],
    workspace: Workspace,
    content: str,
    seconds: Callable[[int], float],
) -> int:
    """Kills a turn until one lives to its end, which must come to the content.

    Args:
        nursery: where it runs.
        turn: what runs.
        workspace: where it works.
        content: the hash it must come to.
        seconds: when to kill the n-th (from 0).

    Returns:
        How many were killed.
    """
    before = assert_whole(workspace)
    for kills in count():
        ended = nursery.run(turn, str(workspace.folder), kill_after_seconds=seconds(kills))
        assert assert_whole(workspace) or before is None, "the pointer was lost"
        if not ended.is_killed:
            break
    assert ended.result == {"snapshot": assert_readable(workspace), "content": content}
    return kills


@pytest.mark.slow
def test_two_hundred_kills_at_any_moment_leave_what_an_undisturbed_sync_leaves(
    nurseries: list[Nursery], folder: Path, calm: Calm
) -> None:
    def lane(number: int) -> int:
        random_, kills, lives = random.Random(SEED + number), 0, 0

        def moment(killed: int) -> float:
            # Later and later, so that a turn comes to its end on a busy machine too.
            return random_.uniform(0, calm.seconds * (0.6 + killed / 5))

        while kills < KILLS / LANES:
            workspace = workspace_at(folder / f"lane-{number}-{lives}", sources=1)
            for round_, content in calm.contents.items():
                set_round(workspace, round_)
                kills += survive(nurseries[number], dying.sync_once, workspace, content, moment)
            if lives % 3 == 0:
                survive(nurseries[number], dying.rebuild_once, workspace, content, moment)
            shutil.rmtree(workspace.folder)
            lives += 1
        return kills

    with ThreadPoolExecutor(LANES) as lanes:
        assert sum(lanes.map(lane, range(LANES))) >= KILLS


@pytest.fixture(scope="module")
def second(nurseries: list[Nursery], folder: Path) -> Workspace:
    """A workspace after two rounds, of which the next publishing removes the first."""
    workspace = workspace_at(folder / "second", sources=1)
    text = workspace.configuration.read_text()
    workspace.configuration.write_text(
        text.replace("[organisation]", "[organisation]\nkeep_snapshots = 2")
    )
    for number in (1, 2):
        set_round(workspace, number)
        nurseries[0].run(dying.sync_once, str(workspace.folder))
    return workspace


@pytest.fixture
def third(second: Workspace, folder: Path) -> Iterator[Workspace]:
    """A copy of it, before the third round."""
    workspace = Workspace(folder / "third")
    shutil.copytree(second.folder, workspace.folder)
    set_round(workspace, 3)
    yield workspace
    shutil.rmtree(workspace.folder)


WINDOWS = [
    (window, times)
    for window in dying.WINDOWS
    for times in ((1, 4) if "event is logged" in window or "commit" in window else (1,))
    if "database" not in window
]


@pytest.mark.parametrize(("window", "times"), WINDOWS)
def test_a_kill_in_a_window_leaves_what_an_undisturbed_sync_leaves(
    nurseries: list[Nursery], third: Workspace, calm: Calm, window: str, times: int
) -> None:
    nursery, path = nurseries[0], str(third.folder)
    assert nursery.run(dying.die_in_sync, path, window, times).is_killed
    assert assert_readable(third)
    ended = nursery.run(dying.sync_once, path)
    assert ended.result == {"snapshot": assert_readable(third), "content": calm.contents[3]}
    assert not list(third.snapshots.glob(".*"))


MOMENTS = [
    *(("after an event is logged", event) for event in (2, 6, 8, 10, 11)),
    # One commit takes in several events.
    *(("after a commit", commit) for commit in range(1, 6)),
]


@pytest.mark.parametrize(("window", "times"), MOMENTS)
def test_what_was_logged_is_what_is_stored_though_the_source_moved_on_after_the_kill(
    nurseries: list[Nursery], folder: Path, window: str, times: int
) -> None:
    """Between the two is the one moment at which log and database are not of one mind."""
    workspace = workspace_at(folder / "moved on", sources=1)
    nursery, path = nurseries[0], str(workspace.folder)
    assert nursery.run(dying.die_in_sync, path, window, times).is_killed
    set_round(workspace, 3)
    synced = nursery.run(dying.sync_once, path).result["content"]
    assert nursery.run(dying.rebuild_once, path).result["content"] == synced
    shutil.rmtree(workspace.folder)


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize(
    "window", ["before an event is logged", "after an event is logged", "after a commit"]
)
def test_a_kill_while_other_settings_are_read_leaves_what_an_undisturbed_sync_leaves(
    nurseries: list[Nursery], folder: Path, window: str, times: int
) -> None:
    """The old rows go with one event, and the first page comes with the next."""
    workspaces = [workspace_at(folder / name, sources=1) for name in ("calm again", "killed")]
    nursery, (calm, killed) = nurseries[0], [str(workspace.folder) for workspace in workspaces]
    for workspace in workspaces:
        nursery.run(dying.sync_once, str(workspace.folder))
        text = workspace.configuration.read_text()
        workspace.configuration.write_text(text + "size = 5\n")
    expected = nursery.run(dying.sync_once, calm).result["content"]
    assert nursery.run(dying.die_in_sync, killed, window, times).is_killed
    assert nursery.run(dying.sync_once, killed).result["content"] == expected
    assert nursery.run(dying.rebuild_once, killed).result["content"] == expected
    for workspace in workspaces:
        shutil.rmtree(workspace.folder)


@pytest.mark.parametrize("window", [name for name in dying.WINDOWS if "database" in name])
def test_a_kill_while_the_database_is_made_leaves_nothing_in_the_way(
    nurseries: list[Nursery], tmp_path: Path, calm: Calm, window: str
) -> None:
    workspace = workspace_at(tmp_path, sources=1)
    nursery, path = nurseries[0], str(workspace.folder)
    assert nursery.run(dying.die_in_sync, path, window, 1).is_killed
    ended = nursery.run(dying.sync_once, path)
    assert ended.result == {"snapshot": assert_readable(workspace), "content": calm.contents[1]}


@pytest.mark.parametrize("window", dying.REBUILD_WINDOWS)
def test_a_kill_in_a_window_of_a_rebuild_leaves_what_was_there_or_what_it_derived(
    nurseries: list[Nursery], third: Workspace, calm: Calm, window: str
) -> None:
    nursery, path = nurseries[0], str(third.folder)
    before = assert_readable(third)
    assert before
    assert nursery.run(dying.die_in_rebuild, path, window, 1).is_killed
    assert (assert_readable(third) or "") >= before
    ended = nursery.run(dying.sync_once, path)
    assert ended.result == {"snapshot": assert_readable(third), "content": calm.contents[3]}
    assert not list(third.store.glob("*rebuilding*"))
