"""The sources that the configuration names, read or not."""

from __future__ import annotations

from data.configuration import load
from data.errors import CairnError
from data.store.workspace import Workspace


def configured_sources(workspace: Workspace) -> list[str]:
    """Names of the sources in `cairn.toml`; none where it cannot be read, which `doctor` tells."""
    try:
        return [source.name for source in load(workspace.configuration).source]
    except CairnError:
        return []
