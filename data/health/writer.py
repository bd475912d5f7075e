"""Whether something writes to a workspace right now."""

from __future__ import annotations

import fcntl
import json
from dataclasses import dataclass
from datetime import datetime

from data.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes; what is unknown is None."""

    purpose: str | None
    pid: int | None
    started_at: datetime | None


def writer(workspace: Workspace) -> Writer | None:
    """The one that holds the writer lock, or None. Never waits and changes nothing."""
    try:
        file = workspace.lock.open(encoding="utf-8")
    except FileNotFoundError:
        return None
    with file:
        said = file.read()
        if not said:  # the usual case needs no look at the lock itself, which a writer may want
            return None
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _named(said)
        return None


def _named(text: str) -> Writer:
    try:
        holder = json.loads(text)
        started_at = datetime.fromisoformat(holder["started_at"])
        return Writer(str(holder["purpose"]), int(holder["pid"]), started_at)
    except (ValueError, KeyError, TypeError):
        return Writer(None, None, None)
