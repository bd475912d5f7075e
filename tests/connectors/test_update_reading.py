"""Twenty sessions, in threads and in processes of their own, read while a sync writes."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from connectors.update import update
from data.store.lock import WriterBusy
from data.store.snapshot import current_id
from data.store.workspace import Workspace
from tests.connectors import dying, scripted, sessions
from tests.connectors.nursery import Nursery, nursery
from tests.connectors.scripted import set_round, workspace_at
from tests.connectors.turns import configure, silent, sync

IN_THREADS, PROCESSES, IN_EACH = 10, 2, 5
"""Sessions in this process, and in each of two others: twenty."""

STEPS = (
    "after a page is archived",
    "after an event is logged",
    "before a commit",
    "while facts are built",
    "before the rename",
    "before the pointer",
    "half of an old snapshot is gone",
)


@pytest.fixture
def nurseries() -> Iterator[list[Nursery]]:
    modules = (dying.__name__, sessions.__name__)
    with ExitStack() as running:
        yield [running.enter_context(nursery(*modules)) for _ in range(PROCESSES + 1)]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setitem(scripted.kinds._CLASSES, "scripted", (scripted.__name__, "Scripted"))
    made = workspace_at(tmp_path / "workspace", sources=1)
    configure(made, "[organisation]", "[organisation]\nkeep_snapshots = 2")
    for number in (1, 2):
        sync(made, number)
    return made


def read_everywhere(
    workspace: Workspace, nurseries: list[Nursery], function: Any, argument: Any
) -> list[dict[str, Any]]:
    """Runs sessions in this process and in others at once; what each of the twenty saw."""
    folder = str(workspace.folder)
    with ThreadPoolExecutor(PROCESSES) as others:
        running = [
            others.submit(each.run, function, folder, IN_EACH, argument)
            for each in nurseries[:PROCESSES]
        ]
        seen = list(function(folder, IN_THREADS, argument))
        for each in running:
            seen += each.result().result
    assert len(seen) == 20
    return seen


def test_sessions_read_on_wherever_a_sync_stands_still(
    workspace: Workspace, nurseries: list[Nursery], tmp_path: Path
) -> None:
    before = current_id(workspace)
    said, heard = str(tmp_path / "said"), str(tmp_path / "heard")
    os.mkfifo(said)
    os.mkfifo(heard)
    set_round(workspace, 3)
    with ThreadPoolExecutor(1) as beside:
        order = (dying.sync_in_steps, str(workspace.folder), STEPS, said, heard)
        syncing = beside.submit(nurseries[-1].run, *order)
        for _ in STEPS:
            step = Path(said).read_text()
            named = current_id(workspace)
            assert (named == before) == (step != "half of an old snapshot is gone")
            for seen in read_everywhere(workspace, nurseries, sessions.read_in_threads, 1):
                assert set(seen["ids"]) == {named}, step
            with pytest.raises(WriterBusy, match=r"`cairn sync` \(process \d+, since .* is still"):
                update(workspace, silent)
            Path(heard).write_text("")
        done = syncing.result().result
    assert done["snapshot"] == current_id(workspace) > before


@pytest.mark.slow
def test_no_session_fails_or_waits_or_sees_half_while_snapshots_come_and_go(
    workspace: Workspace, nurseries: list[Nursery], tmp_path: Path
) -> None:
    elsewhere = workspace_at(tmp_path / "elsewhere", sources=1)
    sync(elsewhere)

    def read_beside_syncs_of(synced: Workspace, over: Path) -> list[dict[str, Any]]:
        def sync_and_end() -> None:
            try:
                for number in range(5):
                    configure(synced, 'name = "Scripted', f'name = "Scripted {number}')
                    assert nurseries[-1].run(dying.sync_once, str(synced.folder)).result
            finally:
                over.touch()

        with ThreadPoolExecutor(1) as beside:
            syncing = beside.submit(sync_and_end)
            function = sessions.read_in_threads_until
            seen = read_everywhere(workspace, nurseries, function, str(over))
            syncing.result()
        return seen

    calm = read_beside_syncs_of(elsewhere, tmp_path / "calm")
    assert {name for seen in calm for name in seen["ids"]} == {current_id(workspace)}
    busy = read_beside_syncs_of(workspace, tmp_path / "busy")
    assert len({name for seen in busy for name in seen["ids"]}) > 3
    for seen in busy:
        assert seen["ids"][-1] == current_id(workspace)
    # As much is computed at the same time in both: only waiting could make a difference.
    calm_seconds, busy_seconds = (
        [s for seen in all_ for s in seen["seconds"]] for all_ in (calm, busy)
    )
    assert max(busy_seconds) <= 5 * max(calm_seconds) + 0.5
    assert statistics.median(busy_seconds) <= 3 * statistics.median(calm_seconds) + 0.05
