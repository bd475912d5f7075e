"""The invariants: what the facts of a snapshot must not say before it is published."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb

from data.errors import CairnError

_FOLDER = Path(__file__).parent / "invariants"


class InvariantBroken(CairnError):
    """A freshly built snapshot contradicts itself and is not published."""


@cache
def invariants() -> tuple[str, ...]:
    """The names of all invariants."""
    return tuple(sorted(path.stem for path in (_FOLDER).glob("*.sql")))


@cache
def invariant_sql(name: str) -> str:
    """The SELECT of the rows that must not exist."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def check_invariants(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Runs invariants over the facts just built.

    Raises:
        InvariantBroken: at the first that selects a row.
    """
    for name in names:
        broken = connection.execute(invariant_sql(name)).fetchall()
        if broken:
            raise InvariantBroken(
                f"invariant `{name}` does not hold for {len(broken)} rows, first {broken[0]!r}",
                "new snapshot",
                "the last snapshot stays current; please report this with `cairn doctor`",
            )
