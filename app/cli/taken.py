"""What the command line writes into a file stands in the log of events, as what pages hand out."""

from __future__ import annotations

from pathlib import Path

from app.cli.appended import warn
from app.cli.output import report
from data.configuration import load
from data.errors import CairnError
from data.ledger.ledger import Ledger
from data.store.workspace import Workspace
from data.trail.exported import Export, log_written


def log_taken(workspace: Workspace, export: Export, file: Path) -> None:
    """Logs that a file was written; where that cannot be, says so: the file is as good."""
    try:
        ledger = Ledger(workspace.folder, load(workspace.configuration).ledger)
        warn(log_written(ledger, export, file))
    except CairnError as error:
        report(f"that this file was written is not in the log: {error}")
