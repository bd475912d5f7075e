"""What a page needs is imported and read before the first one asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module

from app.components.published import opened
from data.errors import CairnError


def warming() -> Iterator[None]:
    """Step by step: imports what pages need, opens the snapshot and reads the rules."""
    for module in ("pandas.io.formats.style", "plotly.graph_objects", "app.components.loaded"):
        import_module(module)
        yield
    with suppress(CairnError), opened():
        yield
        import_module("app.components.governance.examined").rules()
