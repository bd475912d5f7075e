"""A turn of the writer that publishes little else than costs.

All else takes most of a turn: a hundred facts that tests of costs do not look at, and the controls
that follow. `tests.data.costs.test_turn` holds that costs are those of a whole turn.
"""

from __future__ import annotations

from connectors.update import Update, update
from data.store.workspace import Workspace
from tests.connectors.turns import built_alone, silent


def turn(workspace: Workspace, *facts: str) -> Update:
    """As `connectors.update.update`, but of facts only those asked for are built.

    Nothing is evaluated or logged after it. Like a whole turn, it publishes nothing where nothing
    changed since one that was asked for the same facts.
    """
    with built_alone(facts):
        return update(workspace, silent, is_followed=False)
