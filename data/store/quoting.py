"""A path inside of a statement that takes no parameter for it."""

from __future__ import annotations

from pathlib import Path


def quoted(path: Path) -> str:
    """A path as the inside of a SQL string."""
    return str(path).replace("'", "''")
