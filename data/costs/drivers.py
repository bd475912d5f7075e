"""What each team used, month by month: what shared costs can be split by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb

from data.costs.allocation.allocating import Drivers
from data.costs.allocation.pooled import NOBODY
from data.facts.ownership import UNOWNED

_FOLDER = Path(__file__).with_name("sql") / "drivers"
IMPORTED = "imported"
"""The drivers that are called as the measures somebody imports."""


@cache
def drivers() -> tuple[str, ...]:
    """The drivers that come from what other sources tell."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.sql") if path.stem != IMPORTED))


def driver_sql(name: str) -> str:
    """The SELECT of a driver: month, team, amount, and of how many rows, how many unknown."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def write_drivers(connection: duckdb.DuckDBPyConnection, into: str) -> Drivers:
    """Creates `cost_driver` in the attached database, and returns what is in it.

    What nobody owns is under nobody's name, as its costs are nobody's.
    """
    own = [f"select '{name}' as driver, * from ({driver_sql(name)})" for name in drivers()]
    names = ", ".join(f"'{name}'" for name in drivers())
    # What is counted by sources is not what a file says under the same name.
    imported = f"select * from ({driver_sql(IMPORTED)}) where driver not in ({names})"
    asked = "\nunion all by name\n".join((*own, imported))
    connection.execute(
        f"""
        create table {into}.cost_driver as
        select
            driver,
            month,
            nullif(team, '{UNOWNED}') as team,
            cast(amount as decimal(38, 6)) as amount,
            rows,
            unknown
        from ({asked})
        order by driver, month, team
        """
    )
    rows = connection.execute(
        f"select driver, month, coalesce(team, ''), amount from {into}.cost_driver "
        "where amount is not null"
    ).fetchall()
    found: dict[tuple[str, date], dict[str, Decimal]] = {}
    for driver, month, team, amount in rows:
        found.setdefault((driver, month), {})[team or NOBODY] = amount
    return found
