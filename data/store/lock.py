"""One writer at a time, and a second one is told who the first is."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from data.errors import CairnError
from data.store.durable import make_folder
from data.store.workspace import Workspace


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
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise WriterBusy(
                f"{_holder(file.read())} is still writing here",
                str(workspace.folder),
                "wait for it to end, or end it",
            ) from error
        started_at = datetime.now(UTC).isoformat(timespec="seconds")
        holder = {"purpose": purpose, "pid": os.getpid(), "started_at": started_at}
        file.truncate(0)
        file.write(json.dumps(holder))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _holder(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"`{holder['purpose']}` (process {holder['pid']}, since {holder['started_at']})"
    except (ValueError, KeyError, TypeError):
        return "another process"
