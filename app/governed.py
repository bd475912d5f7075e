"""What decisions about controls are held against: which there are, and what is in a scope."""

from __future__ import annotations

from data.configuration import load
from data.controls.catalogue import catalogue
from data.decisions.scope import Scope
from data.decisions.waiving import Rules
from data.inventory.scope import things_in
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace


def rules(workspace: Workspace) -> Rules:
    """What a request for a waiver is held against.

    Raises:
        ConfigurationError: if `cairn.toml` cannot be read.
    """
    return Rules(
        load(workspace.configuration).waivers,
        catalogue(workspace.folder).controls.__contains__,
        lambda control, scope: matches(workspace, control, scope),
    )


def matches(workspace: Workspace, control: str, scope: Scope) -> int:  # noqa: ARG001
    """How much of what the newest snapshot tells is in a scope.

    Raises:
        NothingPublished: if there is no snapshot yet.
    """
    with SnapshotReader(workspace).reading() as opened:
        return things_in(opened, scope)
