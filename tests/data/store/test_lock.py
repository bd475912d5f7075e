"""One writer at a time, and the second is told who the first is."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from data.health.writer import writer
from data.store.lock import WriterBusy, writing
from data.store.workspace import Workspace

HOLD = """
import os, signal, sys
from pathlib import Path
from data.health.writer import writer
from data.store.lock import writing
from data.store.workspace import Workspace
with writing(Workspace(Path(sys.argv[1])), "cairn sync"):
    print("held", flush=True)
    if sys.stdin.readline() == "die\\n":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def first(workspace: Workspace) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until it is told to end."""
    command = [sys.executable, "-c", HOLD, str(workspace.folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_is_refused_in_one_line_that_names_the_first(
    workspace: Workspace, first: subprocess.Popen[str]
) -> None:
    with pytest.raises(WriterBusy) as refused, writing(workspace, "cairn rebuild"):
        pytest.fail("two hold the lock")
    said = str(refused.value)
    assert "\n" not in said
    assert f"`cairn sync` (process {first.pid}, since 20" in said
    assert said.startswith(str(workspace.folder))
    first.communicate("end\n", timeout=30)
    with writing(workspace, "cairn rebuild"):
        pass


def test_the_file_tells_who_holds_it_while_it_is_held(workspace: Workspace) -> None:
    with writing(workspace, "cairn sync"):
        assert json.loads(workspace.lock.read_text())["pid"] == os.getpid()
    assert workspace.lock.read_text() == ""


def test_what_a_killed_writer_left_is_no_lock(
    workspace: Workspace, first: subprocess.Popen[str]
) -> None:
    first.communicate("die\n", timeout=30)
    assert first.returncode == -9
    assert json.loads(workspace.lock.read_text())["pid"] == first.pid
    with writing(workspace, "cairn rebuild"):
        assert json.loads(workspace.lock.read_text())["purpose"] == "cairn rebuild"


def test_someone_who_only_looks_keeps_no_writer_out(
    workspace: Workspace, first: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first.communicate("die\n", timeout=30)
    with workspace.lock.open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        monkeypatch.setattr(
            "data.store.lock.time.sleep", lambda _: fcntl.flock(looking, fcntl.LOCK_UN)
        )
        with writing(workspace, "cairn sync"):
            pass


def test_the_file_says_who_writes_only_while_somebody_does(
    workspace: Workspace, first: subprocess.Popen[str]
) -> None:
    found = writer(workspace)
    assert found is not None
    assert (found.purpose, found.pid) == ("cairn sync", first.pid)
    first.communicate("die\n", timeout=30)
    assert writer(workspace) is None


def test_a_refused_writer_leaves_the_lock_and_its_text_alone(
    workspace: Workspace, first: subprocess.Popen[str]
) -> None:
    before = workspace.lock.read_text()
    for _ in range(2):
        with pytest.raises(WriterBusy), writing(workspace, "x"):
            pass
    assert workspace.lock.read_text() == before
    first.communicate("end\n", timeout=30)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "7"])
def test_a_holder_that_says_nothing_readable_is_another_process(
    workspace: Workspace, text: str
) -> None:
    with writing(workspace, "cairn sync"):
        workspace.lock.write_text(text)
        busy = pytest.raises(WriterBusy, match="another process is still writing here")
        with busy, writing(workspace, "x"):
            pytest.fail("two hold the lock")


def test_the_lock_is_freed_when_the_work_fails(workspace: Workspace) -> None:
    with pytest.raises(RuntimeError), writing(workspace, "a"):
        raise RuntimeError
    with writing(workspace, "b"):
        pass
