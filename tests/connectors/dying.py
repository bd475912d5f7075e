"""Turns of the writer for children: killed, slowed down, or refused by disk and rights.

A nursery imports this module, and with it all that a turn needs.
"""

from __future__ import annotations

import _strptime  # noqa: F401 - a child that is forked need not import it
import importlib
import os
import resource
import signal
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from data.controls.catalogue import catalogue
from data.errors import CairnError
from data.facts.build import FACTS, definitions, fact_sql
from data.facts.checks import invariant_sql, invariants
from data.metrics.definition import definitions as metric_definitions
from data.store import publish, working, working_file
from data.store.archive import Archive
from data.store.log import LogWriter
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.connectors import scripted, turns

_LATE = ("pandas.testing", "pyarrow.compute", "pyarrow.pandas_compat", "pyarrow.vendored.version")
for _name in (*_LATE, "pytz", "encodings.utf_8_sig"):
    importlib.import_module(_name)

NOBODY = 65534

# A child that gives up its rights may not be able to read the checkout any more.
definitions()
metric_definitions()
for _fact in FACTS:
    fact_sql(_fact)
for _invariant in invariants():
    invariant_sql(_invariant)
catalogue()


def sync_once(folder: str) -> dict[str, str]:
    """One sync; returns the id of the snapshot and the content hash."""
    scripted.install()
    workspace = Workspace(Path(folder))
    done = turns.sync(workspace)
    return {"snapshot": done.snapshot, "content": turns.content_hash(workspace)}


def rebuild_once(folder: str) -> dict[str, str]:
    """One rebuild; returns the id of the snapshot and the content hash."""
    scripted.install()
    workspace = Workspace(Path(folder))
    done = turns.rebuild(workspace)
    return {"snapshot": done.snapshot, "content": turns.content_hash(workspace)}


def die_in_sync(folder: str, window: str, times: int) -> None:
    """One sync that is killed when it comes to a window for the n-th time (from 1)."""
    _die_at(window, times)
    sync_once(folder)


def die_in_rebuild(folder: str, window: str, times: int) -> None:
    """One rebuild that is killed in a window."""
    _die_at(window, times)
    rebuild_once(folder)


def sync_in_steps(folder: str, windows: list[str], said: str, heard: str) -> dict[str, str]:
    """One sync that says when it first comes to each window, and goes on when it hears so.

    Args:
        folder: of the workspace.
        windows: where it stands still.
        said: a named pipe that it writes the window to.
        heard: a named pipe that it reads until its end before it goes on.
    """

    def stand_still(window: str, left: list[str]) -> None:
        if window in left:
            left.remove(window)
            Path(said).write_text(window)
            Path(heard).read_text()

    left = list(windows)
    for window in windows:
        WINDOWS[window](partial(stand_still, window, left))
    done = sync_once(folder)
    assert not left
    return done


def sync_on_a_full_disk(folder: str, window: str, filler: str) -> list[str]:
    """One sync whose disk is full, or files limited, from a window on; returns what it tells.

    Args:
        folder: of the workspace.
        window: from when on.
        filler: a file that fills the disk; if empty, no file may grow any more instead.
    """

    def fill() -> None:
        if not filler:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
            return
        with suppress(OSError), Path(filler).open("ab", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)

    WINDOWS[window](fill)
    return _refused(sync_once, folder)


def sync_as_nobody(folder: str) -> list[str]:
    """One sync without special rights; returns what it tells."""
    return _refused_without_rights(sync_once, folder)


def rebuild_as_nobody(folder: str) -> list[str]:
    """One rebuild without special rights; returns what it tells."""
    return _refused_without_rights(rebuild_once, folder)


def read_as_nobody(folder: str) -> list[str]:
    """Reads without special rights; returns what that tells."""

    def read(folder: str) -> None:
        with closing(SnapshotReader(Workspace(Path(folder)))) as reader, reader.reading():
            pass

    return _refused_without_rights(read, folder)


def _refused_without_rights(turn: Callable[[str], object], folder: str) -> list[str]:
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return _refused(turn, folder)


def _refused(turn: Callable[[str], object], folder: str) -> list[str]:
    try:
        turn(folder)
    except CairnError as error:
        return [type(error).__name__, error.what, error.where, error.fix]
    return []


def _die_at(window: str, times: int) -> None:
    left = [times]

    def tick() -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    WINDOWS[window](tick)


Tick = Callable[[], None]


def _before(owner: Any, name: str, tick: Tick, is_meant: Callable[..., bool] = bool) -> None:
    _around(owner, name, is_meant, before=tick)


def _after(owner: Any, name: str, tick: Tick, is_meant: Callable[..., bool] = bool) -> None:
    _around(owner, name, is_meant, after=tick)


def _around(
    owner: Any,
    name: str,
    is_meant: Callable[..., bool],
    before: Tick | None = None,
    after: Tick | None = None,
) -> None:
    """Ticks before or after each call of a function whose first argument is meant."""
    called = getattr(owner, name)

    def around(*arguments: Any, **named: Any) -> Any:
        counts = is_meant(arguments[0])
        if before and counts:
            before()
        result = called(*arguments, **named)
        if after and counts:
            after()
        return result

    setattr(owner, name, around)


class _Told:
    """A connection whose statements tick."""

    def __init__(self, told: duckdb.DuckDBPyConnection, statement: str, after: bool, tick: Tick):
        self._told, self._statement, self._after, self._tick = told, statement, after, tick

    def __getattr__(self, name: str) -> Any:
        return getattr(self._told, name)

    def execute(self, query: str, *parameters: Any) -> Any:
        is_meant = query.lstrip().startswith(self._statement)
        if is_meant and not self._after:
            self._tick()
        result = self._told.execute(query, *parameters)
        if is_meant and self._after:
            self._tick()
        return result


def _statement(beginning: str, *, after: bool = False) -> Callable[[Tick], None]:
    """Ticks at each statement of the working database that begins so."""

    def install(tick: Tick) -> None:
        opened = working.open_file

        def told(path: Path) -> Any:
            return _Told(opened(path), beginning, after, tick)

        working.open_file = told

    return install


def _torn_line(tick: Tick) -> None:
    """Ticks while half of a line is in the log."""
    append = LogWriter.append

    def tear(self: LogWriter, event: Any) -> int:
        end = append(self, event)
        with self._path.open("r+b") as file:
            file.seek(end - 20)
            rest = file.read()
            os.truncate(self._path, end - 20)
            tick()
            file.seek(end - 20)
            file.write(rest)
        return end

    LogWriter.append = tear  # type: ignore[method-assign]


def _is_pointer(path: Path) -> bool:
    return path.name == "CURRENT"


def _is_manifest(path: Path) -> bool:
    return path.suffix == ".json"


def _is_old_log(path: Path) -> bool:
    return path.name == "working.duckdb.wal"


def _is_rebuilt(path: Path) -> bool:
    return path.name in ("rebuilding.duckdb", ".new-working.duckdb")


def _is_building(path: Path) -> bool:
    return path.name == ".building.duckdb"


WINDOWS: dict[str, Callable[[Tick], None]] = {
    "before a page is archived": lambda t: _before(Archive, "put", t),
    "after a page is archived": lambda t: _after(Archive, "put", t),
    "before an event is logged": lambda t: _before(LogWriter, "append", t),
    "half an event is logged": _torn_line,
    "after an event is logged": lambda t: _after(LogWriter, "append", t),
    "rows merged": _statement("merge into", after=True),
    "before a commit": _statement("commit"),
    "after a commit": _statement("commit", after=True),
    "while facts are built": _statement("create table building"),
    "before the checkpoint": _statement("checkpoint building"),
    "after the checkpoint": _statement("checkpoint building", after=True),
    "before the manifest": lambda t: _before(publish, "write_whole", t, _is_manifest),
    "after the manifest": lambda t: _after(publish, "write_whole", t, _is_manifest),
    "before the rename": lambda t: _before(Path, "replace", t, _is_building),
    "after the rename": lambda t: _after(Path, "replace", t, _is_building),
    "before the pointer": lambda t: _before(publish, "write_whole", t, _is_pointer),
    "after the pointer": lambda t: _after(publish, "write_whole", t, _is_pointer),
    "before old snapshots go": lambda t: _before(publish, "retire", t),
    "half of an old snapshot is gone": lambda t: _after(
        Path, "unlink", t, lambda path: path.name.startswith("snapshot-")
    ),
    "the database is made": lambda t: _before(working_file, "install_file", t),
    "the database is installed": lambda t: _after(working_file, "install_file", t),
    "the old database is about to go": lambda t: _before(Path, "unlink", t, _is_old_log),
    "the new database is about to come": lambda t: _before(Path, "replace", t, _is_rebuilt),
    "a snapshot is hashed": lambda t: _after(publish, "file_hash", t),
}

REBUILD_WINDOWS = (
    "rows merged",
    "before a commit",
    "after a commit",
    "the database is made",
    "the old database is about to go",
    "the new database is about to come",
    "the database is installed",
    "while facts are built",
    "before the pointer",
    "after the pointer",
)
