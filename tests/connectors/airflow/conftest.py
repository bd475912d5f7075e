"""What the tests of the `airflow` source share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.airflow.one_server import OneServer, one_server


@pytest.fixture
def airflow(tmp_path: Path) -> Iterator[OneServer]:
    with one_server(tmp_path) as made:
        yield made
