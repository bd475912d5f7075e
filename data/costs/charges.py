"""The lines of the bills that hold, as one relation with the columns of FOCUS."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from data.costs.bill.column import known
from data.costs.bill.kept import kept
from data.costs.bill.table import identifier
from data.costs.loads import Loads
from data.errors import CairnError

_NUMBERS = "cast(0 as bigint) as bill_row, cast(0 as bigint) as bill_line"


class LinesGone(CairnError):
    """A bill holds, and its lines are not in the store any more."""


def charges_sql(
    connection: duckdb.DuckDBPyConnection, loads: Loads, own: Sequence[str] = ()
) -> str:
    """SQL with each charge that counts, as FOCUS has it, and where it stands.

    That is `source`, `load`, `bill_row` and `bill_line`; `is_estimate` says that nothing of it is
    ever billed.

    Args:
        connection: has `bill_in_effect` and `bill` in its search path.
        loads: where the lines lie.
        own: columns beside those of FOCUS, as texts; a bill may lack them.

    Raises:
        LinesGone: naming the bill.
    """
    columns = known().columns.items()
    typed = ", ".join(f"cast(null as {c.type.sql}) as {identifier(name)}" for name, c in columns)
    names = ", ".join(_counted(name) for name, _ in columns)
    typed += "".join(f", cast(null as varchar) as {identifier(name)}" for name in own)
    names += "".join(
        f", cast(l.{identifier(name)} as varchar) as {identifier(name)}" for name in own
    )
    empty = f"select '' as load, {_NUMBERS}, {typed} where false"
    return f"""
        select p.source, p.is_estimate, l.load, l.bill_row, l.bill_line, {names}
        from ({empty} {_lines(connection, loads)}) l
        join (
            select distinct
                source,
                load,
                account,
                from_at,
                tells_billed,
                tells_effective,
                is_estimate,
                bool_or(tells_billed) over bill as has_billed,
                bool_or(tells_effective) over bill as has_effective
            from bill_in_effect
            window bill as (partition by source, account, from_at)
        ) p
          on p.load = l.load
         and p.account = l.BillingAccountId
         and p.from_at = l.BillingPeriodStart
    """


def _counted(name: str) -> str:
    """A column, with an amount only where the bill is the one that tells it.

    Where another bill of the same account and period tells it, a line of this one has nothing of
    it; where none does, it is not known. List and contracted cost are what effective cost is
    compared with, and go with it.
    """
    column = identifier(name)
    if name not in known().amounts:
        return f"l.{column}"
    amount = "billed" if name == "BilledCost" else "effective"
    return f"case when p.tells_{amount} then l.{column} when p.has_{amount} then 0 end as {column}"


def _lines(connection: duckdb.DuckDBPyConnection, loads: Loads) -> str:
    rows = connection.execute(
        """
        select
            load,
            min(name)
        from bill_in_effect
        group by load
        order by load
        """
    ).fetchall()
    for load, bill in rows:
        if not loads.path(load).exists():
            fix = "put it back from a backup, or bring the bill again and run `cairn sync`"
            raise LinesGone(
                "the lines of a bill are gone from the store", f"{bill}: {loads.path(load)}", fix
            )
    if not rows:
        return ""
    return f"""
        union all by name
        select * exclude (refused, rounded)
        from ({kept([loads.path(load) for load, _ in rows])})
        where refused is null
    """
