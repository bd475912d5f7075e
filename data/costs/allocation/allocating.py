"""Allocates charges: each is matched, what is shared is split, and the sum stays what it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa

from data.costs.allocation.book import Book, Bucket
from data.costs.allocation.matching import NO_RULE, Matching, literal
from data.costs.allocation.pooled import Place, Pools, Split
from data.costs.bill.column import known

Drivers = Mapping[tuple[str, date], Mapping[str, Decimal]]
"""By driver and month, how much each team used."""

_MONTH = "cast(date_trunc('month', ChargePeriodStart) as date)"
_BOUND = pa.decimal128(18, 14)
_SPLIT = pa.schema(
    [
        ("pool", pa.string()),
        ("month", pa.date32()),
        ("currency", pa.string()),
        ("path", pa.list_(pa.string())),
        ("team", pa.string()),
        ("bucket", pa.string()),
        ("method", pa.string()),
        ("driver", pa.string()),
        ("lower_bound", _BOUND),
        ("upper_bound", _BOUND),
    ]
)


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
    names = pa.table(
        dict(zip(("rule", "value", "team"), _columns(list(matching.names()), 3), strict=True)),
        schema=pa.schema([("rule", pa.int64()), ("value", pa.string()), ("team", pa.string())]),
    )
    connection.register("given_names", names)
    connection.execute("create or replace temp table team_name as from given_names")
    connection.unregister("given_names")
    connection.execute(f"create or replace temp view matched as {matching.select}")


def split(
    connection: duckdb.DuckDBPyConnection, book: Book, teams: Sequence[str], drivers: Drivers
) -> None:
    """Makes the table `pool_split` from the view `matched`: who has which part of each pool."""
    pools = Pools(book, teams, _direct(connection, book), drivers)
    _keep(connection, list(pools.splits(_places(connection, book))))


def lay_out(connection: duckdb.DuckDBPyConnection, book: Book) -> None:
    """Makes the view `allocated` from the view `matched` and the table `pool_split`."""
    connection.execute(_rules(book))
    connection.execute(_view(book))


def _columns(rows: Sequence[Sequence[object]], width: int) -> list[list[object]]:
    return [[row[index] for row in rows] for index in range(width)]


def _direct(
    connection: duckdb.DuckDBPyConnection, book: Book
) -> Mapping[Place, Mapping[str, Decimal]]:
    """Effective cost of teams from rules that name one."""
    if not book.pool:
        return {}
    found: dict[Place, dict[str, Decimal]] = {}
    rows = connection.execute(
        f"""
        select {_MONTH}, BillingCurrency, team, sum(EffectiveCost)
        from matched
        where team is not null
        group by all
        """
    ).fetchall()
    for month, currency, team, cost in rows:
        found.setdefault(Place(month, currency), {})[team] = cost
    return found


def _places(connection: duckdb.DuckDBPyConnection, book: Book) -> Sequence[Place]:
    """Months and currencies in which something falls into a pool."""
    pooled = _numbers(book, "pool")
    if not pooled:
        return ()
    rows = connection.execute(
        f"""
        select distinct {_MONTH} as month, BillingCurrency
        from matched
        where rule in ({pooled})
        order by all
        """
    ).fetchall()
    return [Place(month, currency) for month, currency in rows]


def _numbers(book: Book, act: str) -> str:
    found = [i for i, rule in enumerate(book.rule) if getattr(rule, act) is not None]
    return ", ".join(map(str, found))


def _keep(connection: duckdb.DuckDBPyConnection, splits: Sequence[Split]) -> None:
    rows = [
        (s.pool, s.place.month, s.place.currency, list(s.path), s.team, s.bucket.value, s.method,
         s.driver, s.lower, s.upper)
        for s in splits
    ]  # fmt: skip
    columns = _columns(rows, len(_SPLIT))
    table = pa.table(dict(zip(_SPLIT.names, columns, strict=True)), schema=_SPLIT)
    connection.register("given_splits", table)
    connection.execute("create or replace temp table pool_split as from given_splits")
    connection.unregister("given_splits")


def _rules(book: Book) -> str:
    """SQL of a table with what each rule does, by its number."""
    rows = list(_acts(book))
    values = ",\n".join(rows)
    return f"""
        create or replace temp table rule_act as
        select * from (values {values}) as acts(number, id, pool, bucket, reason)
    """


def _acts(book: Book) -> Iterator[str]:
    unmatched = "no rule matches"
    yield f"({NO_RULE}, null, null, '{Bucket.UNALLOCATED}', {literal(unmatched)})"
    for index, rule in enumerate(book.rule):
        bucket = Bucket.DIRECT
        if rule.unallocatable is not None:
            bucket = Bucket.UNALLOCATABLE
        elif rule.exclude is not None:
            bucket = Bucket.EXCLUDED
        reason = literal(rule.unallocatable or rule.exclude)
        yield f"({index}, {literal(rule.id)}, {literal(rule.pool)}, '{bucket}', {reason})"


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
            m.* exclude (rule, team, {", ".join(known().amounts)}),
            {amounts},
            a.id as rule,
            {literal(book.version)} as rule_version,
            case
                when s.pool is not null then s.bucket
                when a.pool is not null then '{Bucket.UNALLOCATED}'
                else a.bucket
            end as bucket,
            case when s.pool is not null then s.team else m.team end as team,
            s.path,
            s.method,
            s.driver,
            coalesce(s.upper_bound - s.lower_bound, 1) as ratio,
            a.reason
        from matched m
        join rule_act a
          on a.number = m.rule
        left join pool_split s
          on s.pool = a.pool
         and s.month = cast(date_trunc('month', m.ChargePeriodStart) as date)
         and s.currency = m.BillingCurrency
    """
