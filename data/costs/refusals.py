"""The values for which rows of bills are not taken, as the lines of the store tell them."""

from __future__ import annotations

import duckdb

from data.costs.bill.kept import kept
from data.costs.loads import Loads

_NONE = """
    select
        cast(null as varchar) as load,
        cast(null as bigint) as bill_row,
        cast(null as struct("column" varchar, written varchar, why varchar)[]) as refused
    where false
"""


def refusals_sql(connection: duckdb.DuckDBPyConnection, loads: Loads) -> str:
    """SQL with each row that is not taken, of bills that hold and of those that hold nothing.

    Args:
        connection: has `bill_in_effect` and `bill` in its search path.
        loads: where the lines lie. One that is gone tells nothing.
    """
    rows = connection.execute(
        """
        -- One row is the lines of one bill, some of which are not taken.
        select distinct load
        from bill
        where rows > taken
          and (taken = 0 or load in (select load from bill_in_effect))
        order by load
        """
    ).fetchall()
    paths = [loads.path(load) for (load,) in rows if loads.path(load).exists()]
    if not paths:
        return _NONE
    return f"""
        select
            load,
            bill_row,
            refused
        from ({kept(paths)})
        where refused is not null
    """
