"""A turn of the writer that publishes little else than costs.

All else takes most of a turn: a hundred facts that tests of costs do not look at, and the controls
that follow. `tests.data.costs.test_turn` holds that costs are those of a whole turn.
"""

from __future__ import annotations

from functools import partial

import pytest

from connectors import update as whole
from data.facts.build import FACTS, build, definitions
from data.facts.parts import built_for
from data.store.workspace import Workspace


def turn(workspace: Workspace, *facts: str) -> whole.Update:
    """As `connectors.update.update`, but of facts only those asked for are built.

    Nothing is evaluated or logged after it. Like a whole turn, it publishes nothing where nothing
    changed since one that was asked for the same facts.
    """
    built = built_for(facts)
    known = {name: sha for name, sha in definitions().items() if name in built or name not in FACTS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole, "build", partial(build, facts=built))
        patch.setattr(whole, "definitions", lambda: known)
        return whole.update(workspace, lambda *_: None, is_followed=False)
