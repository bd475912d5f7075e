"""Allocates charges: each is matched, what is shared is split, and the sum stays what it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa

from data.costs.allocation.acts import keep, write_acts
from data.costs.allocation.book import Book, Bucket
from data.costs.allocation.matching import Matching, literal
from data.costs.allocation.pooled import Place, Pools, Split
from data.costs.bill.column import known

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
    """Makes the view `allocated` over the table `charge`.

    A row is the part of one charge that one team has, or nobody: the columns of `charge`, with its
    amounts cut to the part, and `rule` (its id; null: none matches), `rule_version`, `bucket`,
    `team` (null: nobody), `path` (the pools it came through), `method`, `driver` and `ratio`.

    Args:
        connection: has a table or view `charge` with the columns of FOCUS that the book looks at,
            the four amounts, `BillingCurrency`, `ChargePeriodStart` and `Tags`.
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
    connection.execute(f"create or replace temp view matched as {matching.select}")


def split(
    connection: duckdb.DuckDBPyConnection, book: Book, teams: Sequence[str], drivers: Drivers
) -> None:
    """Makes the table `pool_split` from the view `matched`: who has which part of each pool."""
    places, direct = _found(connection) if book.pool else ([], {})
    pools = Pools(book, teams, direct, drivers)
    keep(connection, "pool_split", [_row(part) for part in pools.splits(places)], _SPLIT)


def lay_out(connection: duckdb.DuckDBPyConnection, book: Book) -> None:
    """Makes the view `allocated` from the view `matched` and the table `pool_split`."""
    connection.execute(_view(book))


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


def _view(book: Book) -> str:
    amounts = ",\n".join(
        f"case when s.pool is null then m.{name} else "
        f"cast(m.{name} * s.upper_bound as decimal(38, 12)) "
        f"- cast(m.{name} * s.lower_bound as decimal(38, 12)) end as {name}"
        for name in known().amounts
    )
    return f"""
        create or replace temp view allocated as
        select
            m.* exclude (rule, rule_id, bucket, team, pool, reason, {", ".join(known().amounts)}),
            {amounts},
            m.rule_id as rule,
            {literal(book.version)} as rule_version,
            case
                when s.pool is not null then s.bucket
                when m.pool is not null then '{Bucket.UNALLOCATED}'
                else m.bucket
            end as bucket,
            case when s.pool is not null then s.team else m.team end as team,
            case
                when m.pool is not null and s.pool is null
                    then 'pool ' || m.pool || ' does not hold in this month'
                else m.reason
            end as reason,
            s.path,
            s.method,
            s.driver,
            coalesce(s.upper_bound - s.lower_bound, 1) as ratio
        from matched m
        left join pool_split s
          on s.pool = m.pool
         and s.month = cast(date_trunc('month', m.ChargePeriodStart) as date)
         and s.currency = m.BillingCurrency
    """
