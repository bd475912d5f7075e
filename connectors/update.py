"""One whole turn of the writer: lock, read or rebuild, publish what changed."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from connectors.interface import Context
from connectors.kinds import Progress, connect_all
from connectors.meanwhile import Meanwhile
from connectors.rebuild import replay
from connectors.sync import SourceResult, reset_removed, sync
from data.configuration import Configuration, load
from data.costs.building import costs_of
from data.costs.retention import loads_in, retire_loads
from data.errors import CairnError
from data.facts.build import build, definitions
from data.metrics.definition import definitions as metric_definitions
from data.model import Gap
from data.store.archive import Archive
from data.store.lock import writing
from data.store.manifest import (
    NothingPublished,
    SnapshotDamaged,
    current_id,
    snapshot_path,
    verified_manifest,
)
from data.store.publish import publish
from data.store.refusal import StoreRefused, WorkingDamaged, damaged, storing
from data.store.working import Working
from data.store.working_file import install_file, remove_file
from data.store.workspace import Workspace
from data.trail.turn import NOTHING_FOLLOWED, Followed, follow

__all__ = ["StoreRefused", "Update", "context_of", "rebuild", "update"]


class NothingArchived(CairnError):
    """There is no archive to rebuild from."""


@dataclass(frozen=True, slots=True)
class Update:
    """What a turn of the writer did."""

    sources: tuple[SourceResult, ...]
    snapshot: str
    is_new: bool
    gaps: tuple[Gap, ...] = ()
    """All that is known to be missing now."""
    gaps_before: frozenset[Gap] = frozenset()
    content_hash: str | None = None
    followed: Followed = NOTHING_FOLLOWED
    """What came after: controls that turned, what was logged, and what went wrong with that."""


def update(
    workspace: Workspace,
    progress: Progress,
    kind: str | None = None,
    *,
    is_followed: bool = True,
) -> Update:
    """Reads all sources and publishes a snapshot if anything changed or a day has passed.

    Args:
        workspace: where.
        progress: is told how far it is.
        kind: only sources of this kind are read; None: all.
        is_followed: whether controls are evaluated and all is logged; else the next turn does it.

    Raises:
        CairnError: if the workspace is busy, misconfigured or cannot be written. A source that
            fails is no error here: see `SourceResult.errors`.
    """
    configuration = load(workspace.configuration)
    with (
        storing(workspace.store),
        writing(workspace, "cairn sync"),
        closing(_opened(workspace)) as working,
    ):
        context = context_of(workspace, configuration, progress)
        before = frozenset(working.gaps())
        meanwhile = Meanwhile(partial(_publish, workspace, configuration, working), working)
        results = tuple(sync(workspace, configuration, working, context, meanwhile.look, kind))
        gaps = tuple(working.gaps())
        current = _current_if_still_good(workspace, configuration, working)
        is_new = current is None
        if current is None:
            progress("publish", 0, None)
            current = _publish(workspace, configuration, working)
        followed = NOTHING_FOLLOWED
        if is_followed:
            followed = follow(workspace, configuration, working.connection, current, progress)
        return Update(results, current, is_new, gaps, before, followed=followed)


def rebuild(workspace: Workspace, progress: Progress) -> Update:
    """Derives the working database again from the archive, publishes it, and logs that.

    Raises:
        CairnError: as `update`, and if the archive is damaged; the old database then stays.
    """
    configuration = load(workspace.configuration)
    with storing(workspace.store), writing(workspace, "cairn rebuild"):
        content_hash = _derive(workspace, configuration, progress)
        with closing(Working(workspace.working)) as working:
            progress("publish", 0, None)
            snapshot = _publish(workspace, configuration, working)
            followed = follow(workspace, configuration, working.connection, snapshot, progress)
        return Update((), snapshot, is_new=True, content_hash=content_hash, followed=followed)


def context_of(workspace: Workspace, configuration: Configuration, progress: Progress) -> Context:
    """What connectors of this workspace are given."""
    return Context(
        folder=workspace.folder,
        mirrors=workspace.mirrors,
        hotfix_pattern=configuration.organisation.hotfix_pattern,
        clock=partial(datetime.now, UTC),
        progress=progress,
        bills=workspace.bills,
    )


def _opened(workspace: Workspace) -> Working:
    """The working database; a new one only where nothing was ever archived."""
    remove_file(_rebuilding(workspace))
    if not workspace.working.exists() and not Archive(workspace.archive).log.is_empty:
        raise damaged("is missing", str(workspace.working))
    return Working(workspace.working)


def _derive(workspace: Workspace, configuration: Configuration, progress: Progress) -> str:
    """Puts a database derived from the archive in the place of the old one."""
    archive = Archive(workspace.archive)
    _refuse_to_forget(workspace, archive)
    if archive.log.is_empty:
        raise NothingArchived(
            "nothing has been archived here yet", str(workspace.folder), "run `cairn sync`"
        )
    context = context_of(workspace, configuration, progress)
    sources = connect_all(workspace, configuration, context)
    anew = _rebuilding(workspace)
    remove_file(anew)
    with closing(Working(anew)) as working:
        replay(archive, working, sources, progress)
        reset_removed(archive, working, sources, context)
        content_hash = working.content_hash()
        working.connection.execute("checkpoint")
    install_file(anew, workspace.working)
    return content_hash


def _rebuilding(workspace: Workspace) -> Path:
    """Where a rebuild puts its database until it is done."""
    return workspace.working.with_name("rebuilding.duckdb")


def _refuse_to_forget(workspace: Workspace, archive: Archive) -> None:
    """Refuses to replace a good database by less than it has."""
    if not workspace.working.exists():
        return
    try:
        with closing(Working(workspace.working)) as working:
            known = working.log_end
    except WorkingDamaged:
        return
    for _ in archive.log.events(known):
        break


def _publish(workspace: Workspace, configuration: Configuration, working: Working) -> str:
    def fill(connection: duckdb.DuckDBPyConnection, into: str) -> dict[str, Any]:
        made = build(connection, into, configuration, further=costs.write)
        told = {"costs": costs.made_from, "bill_loads": loads_in(connection, into)}
        return {**made, **_made_from(working), **told}

    costs = costs_of(configuration, workspace.folder, workspace.bills)
    keep = configuration.organisation.keep_snapshots
    snapshot = publish(workspace, working.connection, fill, keep)
    with storing(workspace.store):
        retire_loads(workspace)
    return snapshot


def _made_from(working: Working) -> dict[str, Any]:
    """What a manifest says beside the facts: how figures are computed, and from which rows."""
    return {
        "metrics": {name: metric.sha256 for name, metric in metric_definitions().items()},
        "known_days": working.known_days(),
        "revision": working.revision,
    }


def _current_if_still_good(
    workspace: Workspace, configuration: Configuration, working: Working
) -> str | None:
    """The current snapshot, if what it was made from and the day it speaks for are still so."""
    try:
        current = current_id(workspace)
        manifest = verified_manifest(snapshot_path(workspace, current))
    except (NothingPublished, SnapshotDamaged):
        return None
    costs = costs_of(configuration, workspace.folder, workspace.bills)
    now = {
        "configuration": configuration.sha256,
        "facts": definitions(),
        "costs": costs.made_from,
        **_made_from(working),
    }
    return current if all(manifest.get(part) == value for part, value in now.items()) else None
