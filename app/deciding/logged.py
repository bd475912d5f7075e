"""What was just decided goes into the log of events at once."""

from __future__ import annotations

from data.configuration import load
from data.errors import CairnError
from data.ledger.ledger import Appended
from data.store.workspace import Workspace
from data.trail.deciding import log_decisions


def into_log(workspace: Workspace) -> Appended | CairnError | None:
    """Logs what was decided; returns what was appended, if anything, or why the log refuses.

    A decision that is refused there stands all the same, and the next sync logs it.
    """
    try:
        return log_decisions(workspace, load(workspace.configuration).ledger)
    except CairnError as error:
        return error
