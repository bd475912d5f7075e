"""A running server that takes events, and senders of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.app.intake.sending import ENVIRONMENT, SETTINGS
from tests.app.serving import Server, serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a source of each format."""
    made = tmp_path_factory.mktemp("intake")
    (made / "cairn.toml").write_text(SETTINGS, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """Serves it."""
    with ExitStack() as running:
        yield running.enter_context(serving(folder, **ENVIRONMENT))
