"""Allocates charges: each is matched, what is shared is split, and the sum stays what it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa

from data.costs.allocation.acts import keep, write_acts
from data.costs.allocation.book import Book
from data.costs.allocation.matching import Matching
from data.costs.allocation.parting import views
from data.costs.allocation.pooled import Place, Pools, Split

Drivers = Mapping[tuple[str, date], Mapping[str, Decimal | None]]
"""By driver and month, how much each team used; None: not all of it is known."""

_BOUND = pa.decimal128(18, 14)
_SPLIT = {
    "pool": pa.string(),
    "month": pa.date32(),
    "currency": pa.string(),
    "path": pa.list_(pa.string()),
    "team": pa.string(),
    "bucket": pa.string(),
    "method": pa.string(),
    "driver": pa.string(),
    "lower_bound": _BOUND,
    "upper_bound": _BOUND,
}


def allocate(
    connection: duckdb.DuckDBPyConnection, book: Book, teams: Sequence[str], drivers: Drivers
) -> None:
    """Makes the views `allocated` and `allocated_cell` over the table `charge`.

    A row of `allocated` is the part of one charge that one team has, or nobody: the columns of
    `charge_placed`, with amounts cut to the part, and `rule` (its id; null: none matches),
    `rule_version`, `bucket`, `team` (null: nobody), `path` (the pools it came through), `method`,
    `driver` and `ratio`. A row of `allocated_cell` is the sum of such parts of the charges of a
    cell, to the last digit, and `rows` tells how many these are.

    Args:
        connection: has a table or view `charge` with the columns of FOCUS, `source`, `load`,
            `bill_row`, `bill_line` and `is_estimate`.
        book: the rules.
        teams: all teams, by their ids.
        drivers: what was used.
    """
    match(connection, book, teams)
    split(connection, book, teams, drivers)
    lay_out(connection, book)


def match(connection: duckdb.DuckDBPyConnection, book: Book, teams: Sequence[str]) -> None:
    """Makes the view `matched` over `charge`: each row's rule and the team that it names."""
    matching = Matching(book, teams)
    connection.execute(f"create or replace temp table tag_value as {matching.tags}")
    write_acts(connection, matching)
    connection.execute(f"create or replace temp table combination as {matching.combinations}")
    connection.execute(f"create or replace temp view matched as {matching.select}")


def split(
    connection: duckdb.DuckDBPyConnection, book: Book, teams: Sequence[str], drivers: Drivers
) -> None:
    """Makes the table `pool_split` from the view `matched`: who has which part of each pool."""
    places, direct = _found(connection) if book.pool else ([], {})
    pools = Pools(book, teams, direct, drivers)
    keep(connection, "pool_split", [_row(part) for part in pools.splits(places)], _SPLIT)


def lay_out(connection: duckdb.DuckDBPyConnection, book: Book) -> None:
    """Makes the views from the view `matched` and the table `pool_split`."""
    for name, sql in views(book.version).items():
        connection.execute(f"create or replace temp view {name} as {sql}")


def _found(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[Sequence[Place], Mapping[Place, Mapping[str, Decimal | None]]]:
    """Where something falls into a pool, and the effective cost that rules give teams directly."""
    rows = connection.execute(
        """
        select
            cast(date_trunc('month', ChargePeriodStart) as date) as month,
            BillingCurrency,
            team,
            bool_or(pool is not null),
            case when count(EffectiveCost) = count(*) then sum(EffectiveCost) end
        from matched
        group by all
        order by all
        """
    ).fetchall()
    places: dict[Place, None] = {}
    direct: dict[Place, dict[str, Decimal | None]] = {}
    for month, currency, team, is_pooled, cost in rows:
        place = Place(month, currency)
        if is_pooled:
            places[place] = None
        if team is not None:
            direct.setdefault(place, {})[team] = cost
    return list(places), direct


def _row(part: Split) -> Mapping[str, object]:
    return {
        "pool": part.pool,
        "month": part.place.month,
        "currency": part.place.currency,
        "path": list(part.path),
        "team": part.team,
        "bucket": part.bucket.value,
        "method": part.method,
        "driver": part.driver,
        "lower_bound": part.lower,
        "upper_bound": part.upper,
    }
