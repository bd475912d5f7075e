"""A disk that is full."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from data.decisions.book import FILE


@contextmanager
def of_at_most(pages: int) -> Iterator[None]:
    """Lets no database of this process grow beyond so many pages: as on a full disk."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute(f"pragma max_page_count = {pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def pages(folder: Path) -> int:
    """How many pages the decisions of a folder take."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        found: int = connection.execute("pragma page_count").fetchone()[0]
        return found
