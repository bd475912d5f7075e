"""Reading all configured sources into the working database, page by page.

A page is archived and mapped, then logged, then its rows and the stream's cursor commit together
with the place in the log. Killed anywhere, the next sync applies what was logged and goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager

from connectors.interface import Context
from connectors.kinds import connect_all
from connectors.rebuild import replay
from connectors.session import Session, SourceResult
from connectors.turns import Between
from data.configuration import Configuration
from data.store.archive import Archive
from data.store.stamp import stamp_after
from data.store.working import Working
from data.store.workspace import Workspace

__all__ = ["SourceResult", "reset_removed", "sync"]


def _nothing() -> None:
    """Does nothing between two pages."""


def sync(
    workspace: Workspace,
    configuration: Configuration,
    working: Working,
    context: Context,
    between: Between = _nothing,
    kind: str | None = None,
) -> list[SourceResult]:
    """Reads every configured source, or those of one kind; one that fails stops no other.

    The caller holds the workspace's writer lock. `between` is called after each page of a source
    that is read from the newest backwards: what is stored by then makes sense.

    Raises:
        ConfigurationError: before anything is read, if a source is configured wrongly.
        ArchiveDamaged: if the log does not fit the database.
    """
    sources = connect_all(workspace, configuration, context)
    archive = Archive(workspace.archive)
    replay(archive, working, sources, context.progress)
    with _session(archive, working, context, between) as session:
        removed = session.reset_all_but(sources)
        asked = sources if kind is None else _of_kind(configuration, kind)
        read = [
            session.read(each.connector, each.settings)
            for name, each in sources.items()
            if name in asked
        ]
    return [*removed, *read]


def _of_kind(configuration: Configuration, kind: str) -> Collection[str]:
    return {one.name for one in configuration.source if one.kind == kind}


def reset_removed(
    archive: Archive, working: Working, configured: Collection[str], context: Context
) -> None:
    """Removes what is known of sources that are configured no more."""
    with _session(archive, working, context) as session:
        session.reset_all_but(configured)


@contextmanager
def _session(
    archive: Archive, working: Working, context: Context, between: Between = _nothing
) -> Iterator[Session]:
    run = stamp_after(working.last_run(), context.clock())
    with closing(archive.writer(run)) as log:
        yield Session(run, working, archive, log, context.clock, between)
