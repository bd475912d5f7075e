"""Cursors that outlive a change of settings, and so may be those of another server."""

from __future__ import annotations

from typing import Any

from connectors.interface import Cursor


def of_here(cursor: Cursor | None, address: str) -> dict[str, Any]:
    """What is known of the server at an address; nothing where another one was read before."""
    known = dict(cursor or {})
    return known if known.get("address", address) == address else {}
