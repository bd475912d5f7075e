"""The snapshot that a page is made from: one for the whole run, the newest at the next."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import streamlit as st

from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace

_current: ContextVar[Snapshot] = ContextVar("snapshot")


def workspace() -> Workspace:
    """The workspace that is served: the folder in CAIRN_DATA, else the current one."""
    return Workspace(Path(os.environ.get("CAIRN_DATA") or ".").absolute())


@contextmanager
def opened() -> Iterator[Snapshot]:
    """Opens the newest snapshot for one run of a page, and keeps it open until its end.

    Raises:
        NothingPublished: if there is none.
        SnapshotDamaged: if its file is not what was published.
    """
    with _reader(str(workspace().folder)).reading() as snapshot:
        token = _current.set(snapshot)
        try:
            yield snapshot
        finally:
            _current.reset(token)


def current() -> Snapshot:
    """The snapshot of this run."""
    return _current.get()


@contextmanager
def reopened(folder: Path, snapshot: str) -> Iterator[Snapshot]:
    """Opens a certain snapshot again, for what happens after a run: a download.

    Raises:
        SnapshotDamaged: if it is not there any more.
    """
    with _reader(str(folder)).reading(snapshot) as opened:
        yield opened


@st.cache_resource(max_entries=4, show_spinner=False, on_release=SnapshotReader.close)
def _reader(folder: str) -> SnapshotReader:
    return SnapshotReader(Workspace(Path(folder)))
