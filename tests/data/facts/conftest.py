"""The fixture that turns records into facts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.data.facts.story import Story


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """Publishes records through the real path and hands out their facts."""
    told = Story(tmp_path)
    yield told
    told.close()
