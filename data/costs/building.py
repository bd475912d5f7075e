"""What a snapshot says of costs: which bills hold, and what each team has of them by day."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import duckdb

from data.costs.allocation.allocating import Drivers, allocate
from data.costs.allocation.book import Book
from data.costs.bill.column import known
from data.costs.bill.file import identifier
from data.costs.loads import Loads
from data.store.quoting import quoted

_FOLDER = Path(__file__).with_name("sql")
_MADE = ("charge", "matched", "allocated", "refused_line", "bill_in_effect")
_TABLES = ("tag_value", "team_name", "rule_act", "pool_split")


@cache
def cost_sql(name: str) -> str:
    """The SELECT that defines a table of costs."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def build_costs(
    connection: duckdb.DuckDBPyConnection,
    into: str,
    bills: Path,
    book: Book,
    teams: Sequence[str],
    drivers: Drivers,
) -> None:
    """Creates `bill_in_effect`, `charge_day` and what pages tell beside them.

    Args:
        connection: the open working database.
        into: the name of the attached one.
        bills: where the lines of bills lie.
        book: how they are allocated.
        teams: all teams, by their ids.
        drivers: what was used.
    """
    connection.execute(f"create table {into}.bill_in_effect as {cost_sql('bill_in_effect')}")
    loads = connection.execute(
        f"select distinct load from {into}.bill_in_effect order by load"
    ).fetchall()
    paths = [Loads(bills).path(load) for (load,) in loads]
    try:
        connection.execute(_charge(into, paths))
        allocate(connection, book, teams, drivers)
        connection.execute(f"create table {into}.charge_day as {cost_sql('charge_day')}")
        connection.execute(
            f"create table {into}.commitment_month as {cost_sql('commitment_month')}"
        )
        _tell_bills(connection, into, bills)
    finally:
        for view in reversed(_MADE):
            connection.execute(f"drop view if exists temp.main.{view}")
        for table in _TABLES:
            connection.execute(f"drop table if exists temp.main.{table}")


def _tell_bills(connection: duckdb.DuckDBPyConnection, into: str, bills: Path) -> None:
    """Creates what pages tell of the bills themselves: which hold, and what is refused of them."""
    connection.execute(f"create or replace temp view bill_in_effect as from {into}.bill_in_effect")
    connection.execute(f"create table {into}.bill_delivered as {cost_sql('bill_delivered')}")
    loads = connection.execute(
        """
        select distinct load
        from bill
        where rows > taken
          and (taken = 0 or load in (select load from bill_in_effect))
        order by load
        """
    ).fetchall()
    found = "select '' as load, cast(0 as bigint) as bill_row, cast(null as struct(\"column\" varchar, written varchar, why varchar)[]) as refused where false"
    if loads:
        listed = ", ".join(f"'{quoted(Loads(bills).path(load))}'" for (load,) in loads)
        found = f"""
            select parse_filename(filename, true) as load, bill_row, refused
            from read_parquet([{listed}], union_by_name = true, filename = true)
            where refused is not null
        """
    connection.execute(f"create or replace temp view refused_line as {found}")
    connection.execute(f"create table {into}.refused as {cost_sql('refused')}")


def _charge(into: str, paths: Sequence[Path]) -> str:
    """SQL of the view with each charge that holds: the columns of FOCUS, and where it stands."""
    columns = known().columns.items()
    typed = ", ".join(f"cast(null as {c.type.sql}) as {identifier(name)}" for name, c in columns)
    names = ", ".join(f"l.{identifier(name)}" for name, _ in columns)
    empty = f"select '' as load, cast(0 as bigint) as bill_row, {typed} where false"
    found = ""
    if paths:
        listed = ", ".join(f"'{quoted(path)}'" for path in paths)
        found = f"""
            union all by name
            select parse_filename(filename, true) as load, * exclude (filename, refused, rounded)
            from read_parquet([{listed}], union_by_name = true, filename = true)
            where refused is null
        """
    return f"""
        create or replace temp view charge as
        select p.source, l.load, l.bill_row, {names}
        from ({empty} {found}) l
        join (
            select distinct source, load, account, from_at
            from {into}.bill_in_effect
        ) p
          on p.load = l.load
         and p.account = l.BillingAccountId
         and p.from_at = l.BillingPeriodStart
    """
