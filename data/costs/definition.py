"""Where the tables of costs are defined."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("sql")


@cache
def cost_sql(name: str) -> str:
    """The SELECT that defines a table of costs."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
