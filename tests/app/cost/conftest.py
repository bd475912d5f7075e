"""The company with bills, published once."""

from __future__ import annotations

import pytest

from data.store.workspace import Workspace
from tests.app.cost.billed import harbour


@pytest.fixture(scope="session")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The folder of the company with bills. Nobody writes to it."""
    return harbour(tmp_path_factory.mktemp("billed"))
