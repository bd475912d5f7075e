"""The parts of what falls into pools, so that they add up over teams and over charges.

Charges that stand alike are a cell, and a cell is split as one: of its sum A the target whose share
lies between the bounds l and u has round(A · u) - round(A · l). One of its charges has what this
grows by when the charge is added, in the order of the bill: with S the sum up to it and R the sum
before it, (round(S · u) - round(S · l)) - (round(R · u) - round(R · l)). So the parts of a charge
add up to the charge, the parts of a team to what the team has of the cell, and all to the bill;
none is off by more than two units of the last place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import duckdb

from data.costs.allocation.bucket import Bucket
from data.costs.allocation.fitting import literal
from data.costs.allocation.pooled import ABSENT
from data.costs.bill.column import known
from data.costs.definition import cost_sql
from data.errors import CairnError

CELL = (
    "day", "source", "is_estimate", "provider", "account", "sub_account", "billing_month",
    "invoice", "currency", "category", "service", "charge", "is_correction", "pricing",
    "commitment", "commitment_id", "commitment_name", "commitment_type", "commitment_category",
    "rule", "bucket", "team", "pool", "reason", "activity", "subject", "initiative",
)  # fmt: skip
"""What charges have in common that are added up and split as one."""


_LIMIT = 10**12
"""What a cell must stay below: its amounts have 12 decimals, bounds 14, and a decimal 38 digits."""


class TooMuch(CairnError):
    """What is to be split is so large that its parts would not be exact."""


@contextmanager
def splitting(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Tells what is too large, where parts are made inside the block.

    Raises:
        TooMuch: naming what falls into which pool.
    """
    try:
        yield
    except duckdb.OutOfRangeException as error:
        too_large = " or ".join(f"abs({name}) >= {_LIMIT}" for name in known().amounts)
        found = connection.execute(
            f"select pool, day, account, service, currency from charge_cell "
            f"where pool is not null and ({too_large}) order by all limit 1"
        ).fetchone()
        if found is None:
            raise
        pool, day, account, service, currency = found
        what = f"a day's charges come to a million million {currency} or more, too much to be split"
        fix = "let a rule give them to a team, or bring the bill in a larger currency"
        where = f"pool {pool}, {day}: {service} of account {account}"
        raise TooMuch(what, where, fix) from error


def views(rule_version: str) -> Mapping[str, str]:
    """SQL of the views over `matched` and `pool_split`, each by its name, in their order."""
    return {
        "charge_placed": cost_sql("charge_placed"),
        "charge_cell": _cells(),
        "charge_so_far": _so_far(),
        "allocated": _parted("charge_placed", "charge_so_far", _part_of_line, rule_version),
        "allocated_cell": _parted("charge_cell", "charge_cell", _part, rule_version),
    }


def _cells() -> str:
    sums = ", ".join(f"sum({name}) as {name}" for name in known().amounts)
    return f"""
        select {", ".join(CELL)}, count(*) as rows, count(ListCost) as list_rows, {sums}
        from charge_placed
        group by all
    """


def _so_far() -> str:
    """Lines that fall into pools, with what their cell comes to up to each of them."""
    sums = ", ".join(f"sum({name}) over cell as {name}_so_far" for name in known().amounts)
    return f"""
        select *, {sums}
        from charge_placed
        where pool is not null
        window cell as (
            partition by {", ".join(CELL)}
            order by load, bill_row, bill_line
            rows unbounded preceding
        )
    """


def _part(name: str) -> str:
    """The part between two bounds: parts that lie end to end add up to the whole."""
    return (
        f"cast({name} * s.upper_bound as decimal(38, 12)) "
        f"- cast({name} * s.lower_bound as decimal(38, 12))"
    )


def _part_of_line(name: str) -> str:
    """What the part of the cell grows by with this line."""
    so_far = f"w.{name}_so_far"
    return f"{_part(so_far)} - ({_part(f'({so_far} - w.{name})')})"


def _parted(whole: str, pooled: str, part: Callable[[str], str], rule_version: str) -> str:
    """SQL of what falls into no pool as it is, and of the parts of what does."""
    amounts = known().amounts
    version = f"{literal(rule_version)} as rule_version"
    parts = ", ".join(
        f"case when s.pool is null then w.{name} else {part(name)} end as {name}"
        for name in amounts
    )
    absent = "'pool ' || {} || ' does not hold in this month'".format
    dropped = [f"{name}_so_far" for name in amounts] if pooled != whole else []
    return f"""
        select
            * exclude (pool),
            {version},
            cast(null as varchar[]) as path,
            cast(null as varchar) as method,
            cast(null as varchar) as driver,
            cast(0 as decimal(18, 14)) as lower_bound,
            cast(1 as decimal(18, 14)) as upper_bound,
            cast(1 as decimal(18, 14)) as ratio
        from {whole}
        where pool is null
        union all by name
        select
            w.* exclude ({", ".join(["pool", "bucket", "team", "reason", *amounts, *dropped])}),
            {parts},
            case when s.pool is null then '{Bucket.UNALLOCATED}' else s.bucket end as bucket,
            s.team,
            case
                when s.pool is null then {absent("w.pool")}
                when s.method = '{ABSENT}' then {absent("s.path[-2]")}
                else w.reason
            end as reason,
            {version},
            s.path,
            s.method,
            s.driver,
            coalesce(s.lower_bound, 0) as lower_bound,
            coalesce(s.upper_bound, 1) as upper_bound,
            coalesce(s.upper_bound - s.lower_bound, 1) as ratio
        from {pooled} w
        left join pool_split s
          on s.pool = w.pool
         and s.month = date_trunc('month', w.day)
         and s.currency = w.currency
        where w.pool is not null
    """
