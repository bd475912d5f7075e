"""What each team used, month by month: what shared costs can be split by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb

from data.costs.allocation.allocating import Drivers
from data.costs.allocation.pooled import NOBODY
from data.costs.allocation.use import UseRefused
from data.costs.attempts import drop_attempts, write_attempts
from data.facts.ownership import UNOWNED

_FOLDER = Path(__file__).with_name("sql") / "drivers"
IMPORTED = "imported"
"""The drivers that are called as the measures somebody imports."""


@cache
def drivers() -> tuple[str, ...]:
    """The drivers that come from what other sources tell."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.sql") if path.stem != IMPORTED))


def driver_sql(name: str) -> str:
    """The SELECT of a driver: month, team, amount; of how many rows, of which sources.

    Beside them, how many rows are not in the amount: `unknown`, of which a source should tell how
    much it was and does not, and `unfinished`, which have not ended.
    """
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def write_drivers(connection: duckdb.DuckDBPyConnection, into: str) -> Drivers:
    """Creates `cost_driver` in the attached database, and returns what is in it.

    What nobody owns is under nobody's name, as its costs are nobody's.
    """
    write_attempts(connection)
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
            cast(unknown as bigint) as unknown,
            cast(unfinished as bigint) as unfinished,
            sources
        from ({asked})
        order by driver, month, team
        """
    )
    drop_attempts(connection)
    return _used(connection, into)


@contextmanager
def sources_told(connection: duckdb.DuckDBPyConnection, into: str) -> Iterator[None]:
    """A driver that is refused is told with the sources of its values.

    Raises:
        UseRefused: naming them.
    """
    try:
        yield
    except UseRefused as refused:
        use = refused.use
        ((sources,),) = connection.execute(
            f"""
            select string_agg(sources, ', ')
            from {into}.cost_driver
            where driver = $driver
              and month = $month
              and team is not distinct from $team
            """,
            {"driver": use.driver, "month": use.month, "team": use.team},
        ).fetchall()
        raise UseRefused(use, refused.where, sources) from refused


def _used(connection: duckdb.DuckDBPyConnection, into: str) -> Drivers:
    """What each team used; None where a part of it is not known."""
    rows = connection.execute(
        f"""
        select
            driver,
            month,
            coalesce(team, '{NOBODY}'),
            case when unknown = 0 then amount end
        from {into}.cost_driver
        """
    ).fetchall()
    found: dict[tuple[str, date], dict[str, Decimal | None]] = {}
    for driver, month, team, amount in rows:
        found.setdefault((driver, month), {})[team] = amount
    return found
