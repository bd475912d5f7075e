"""A folder of the demo organisation that tests of verbs share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.cli.running import run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder filled by `cairn demo`."""
    folder = tmp_path_factory.mktemp("demo")
    result = run(folder, "demo")
    assert result.exit_code == 0, result.stderr
    assert "cairn:" not in result.stderr, "a newcomer's first lines complain of nothing"
    return folder
