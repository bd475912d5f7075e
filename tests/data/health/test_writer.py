"""Whether a sync is at work, without disturbing it."""

from __future__ import annotations

import os
from pathlib import Path

from data.health.writer import Writer, writer
from data.store.lock import writing
from data.store.workspace import Workspace


def test_nobody_writes_before_the_first_sync(tmp_path: Path) -> None:
    assert writer(Workspace(tmp_path)) is None


def test_a_writer_is_named_while_it_writes_and_not_after(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with writing(workspace, "cairn sync"):
        found = writer(workspace)
        assert found is not None
        assert (found.purpose, found.pid) == ("cairn sync", os.getpid())
        assert found.started_at is not None
    assert writer(workspace) is None


def test_looking_leaves_the_lock_free(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with writing(workspace, "first"):
        pass
    assert writer(workspace) is None
    with writing(workspace, "second"):
        assert writer(workspace) is not None


def test_a_holder_that_did_not_say_who_it_is_is_still_one(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with writing(workspace, "cairn sync"):
        workspace.lock.write_text("{torn", encoding="utf-8")
        assert writer(workspace) == Writer(None, None, None)
