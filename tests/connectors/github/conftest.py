"""What the tests of the GitHub source share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.connectors.github.organisation import Organisation


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Organisation]:
    """An organisation without repositories."""
    with closing(Organisation(tmp_path)) as made:
        yield made
