"""Warns before a source forgets what nobody has read yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from connectors.interface import Context, Finding, Severity
from connectors.kinds import connect
from data.configuration import Configuration
from data.store.snapshot import Snapshot
from data.store.workspace import Workspace

_WARNED_BEFORE = timedelta(days=5)
_CURSORS = "select stream, cursor from stream where source = $source and cursor is not null"


def closing(
    workspace: Workspace, configuration: Configuration, context: Context, opened: Snapshot
) -> Iterator[Finding]:
    """Yields one warning for each stream whose window is about to close, or has closed.

    Raises:
        ConfigurationError: if a source is configured wrongly.
    """
    for source in configuration.source:
        connector = connect(workspace, configuration, source, context)
        for row in opened.rows(_CURSORS, {"source": source.name}):
            at = connector.closes_at(row["stream"], json.loads(row["cursor"]))
            if at is not None and at - context.clock() < _WARNED_BEFORE:
                yield _warning(source.name, row["stream"], at)


def _warning(source: str, stream: str, at: datetime) -> Finding:
    what = f"the source forgets from {at:%Y-%m-%d %H:%M} UTC on what happened since it was read"
    return Finding(Severity.WARNING, what, f"{source} {stream}", "run `cairn sync` before that")
