"""What tests of the store share: a place for a working database, and one that is open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.store.working import Working
from data.store.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def path(workspace: Workspace) -> Path:
    return workspace.working


@pytest.fixture
def working(path: Path) -> Iterator[Working]:
    with closing(Working(path)) as opened:
        yield opened
