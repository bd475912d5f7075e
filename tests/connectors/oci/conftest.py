"""A registry that anybody may read, and one reader of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.oci.reading import Reader
from tests.servers.docker_registry import DockerRegistry, docker_registry


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[DockerRegistry]:
    with docker_registry(tmp_path / "registry") as url:
        yield DockerRegistry(url)


@pytest.fixture
def reader(tmp_path: Path, registry: DockerRegistry) -> Reader:
    return Reader(tmp_path, url=registry.url)
