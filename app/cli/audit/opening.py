"""The log of the folder that a verb was asked about, and what all of its verbs tell."""

from __future__ import annotations

from app.cli import deciding
from data.configuration import load
from data.ledger.custody import By
from data.ledger.ledger import Ledger
from data.store.workspace import Workspace


def opened(workspace: Workspace) -> Ledger:
    """The log; an auditor's copy has no configuration, and needs none.

    Raises:
        ConfigurationError: if the configuration is wrong.
    """
    settings = load(workspace.configuration).ledger if workspace.configuration.exists() else None
    return Ledger(workspace.folder, settings)


def by(actor: str | None, reason: str) -> By:
    """Who asks for something, and why.

    Raises:
        NoReason: if it is not said why.
    """
    return By(*deciding.by(actor, reason))
