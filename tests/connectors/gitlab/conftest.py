"""A project on the double of GitLab, for every test that asks for `shop`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.connectors.gitlab.one_project import OneProject


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OneProject]:
    """A project without anything in it."""
    with closing(OneProject(tmp_path)) as made:
        yield made
