"""What was just decided goes into the log of events at once."""

from __future__ import annotations

from data.configuration import load
from data.errors import CairnError
from data.store.workspace import Workspace
from data.trail.deciding import log_decisions


def into_log(workspace: Workspace) -> CairnError | None:
    """Logs what was decided; returns what the log refuses.

    The decision stands all the same, and the next sync logs it.
    """
    try:
        log_decisions(workspace, load(workspace.configuration).ledger)
    except CairnError as error:
        return error
    return None
