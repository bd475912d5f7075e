"""One writer at a time, and a second one is told who the first is."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

from data.durable import make_folder
from data.errors import CairnError
from data.store.workspace import Workspace

_A_LOOK_SECONDS = 0.05


class WriterBusy(CairnError):
    """Another process writes to this workspace."""


@contextmanager
def writing(workspace: Workspace, purpose: str) -> Iterator[None]:
    """Holds the workspace's writer lock; the kernel frees it if the process dies.

    What the file says is for a second writer to tell; what a crash left in it means nothing.

    Raises:
        WriterBusy: naming the purpose, process and start of the one that holds it.
    """
    make_folder(workspace.store)
    with workspace.lock.open("a+", encoding="utf-8") as file:
        if not (_is_locked(file) or _is_locked_after_a_look(file)):
            file.seek(0)
            raise WriterBusy(
                f"{_holder(file.read())} is still writing here",
                str(workspace.folder),
                "wait for it to end, or end it",
            )
        started_at = datetime.now(UTC).isoformat(timespec="seconds")
        holder = {"purpose": purpose, "pid": os.getpid(), "started_at": started_at}
        file.truncate(0)
        file.write(json.dumps(holder))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _is_locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_locked_after_a_look(file: TextIO) -> bool:
    """A page that looks who writes holds the lock for the blink of an eye."""
    time.sleep(_A_LOOK_SECONDS)
    return _is_locked(file)


def _holder(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"`{holder['purpose']}` (process {holder['pid']}, since {holder['started_at']})"
    except (ValueError, KeyError, TypeError):
        return "another process"
