"""What must hold of costs, asked of each snapshot and shown on every cost page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import duckdb
import yaml

from data.costs.definition import cost_sql

_FOLDER = Path(__file__).with_name("sql") / "checks"
_FIRST = ("bill_and_parts", "commitment_line", "commitment_span")
"""What several checks, or one more than once, look at: made before them, and dropped."""

_STATE = """
    -- One row is one check, and how it stands: what cannot be compared is not counted.
    select
        t.id,
        t.title,
        t.nth,
        case
            when count(r.state) filter (where r.state <> 'not_applicable') = 0 then 'not_applicable'
            when bool_or(r.state = 'broken') then 'broken'
            when bool_or(r.state = 'unknown') then 'unknown'
            else 'holds'
        end as state,
        count(r.state) filter (where r.state <> 'not_applicable') as compared,
        count(r.state) filter (where r.state = 'broken') as broken,
        count(r.state) filter (where r.state = 'unknown') as unknown
    from given_checks t
    left join {into}.cost_check_row r
      on r."check" = t.id
    group by t.id, t.title, t.nth
    order by t.nth
"""


@cache
def checks() -> Mapping[str, str]:
    """The title of each check, by its id, in the order in which they are shown."""
    told: dict[str, str] = yaml.safe_load((_FOLDER / "checks.yaml").read_text(encoding="utf-8"))
    return told


def check_sql(name: str) -> str:
    """The SELECT of a check: a row for each thing that was compared, with its `state`."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def write_checks(connection: duckdb.DuckDBPyConnection, into: str) -> None:
    """Creates `cost_check` and `cost_check_row` in the attached database.

    Args:
        connection: has what checks look at: the views `charge` and `allocated`, `pool_split`, and
            in the search path the tables of costs.
        into: the name of the attached database.
    """
    for name in _FIRST:
        connection.execute(f"create or replace temp table {name} as {cost_sql(name)}")
    asked = "\nunion all by name\n".join(
        f"select '{name}' as \"check\", * from ({check_sql(name)})" for name in checks()
    )
    connection.execute(f"create table {into}.cost_check_row as {asked}")
    titles = ", ".join(
        f"({number}, '{name}', '{title.replace(chr(39), chr(39) * 2)}')"
        for number, (name, title) in enumerate(checks().items())
    )
    connection.execute(
        f"create table {into}.cost_check as "
        f"with given_checks(nth, id, title) as (values {titles}) {_STATE.format(into=into)}"
    )
    for name in _FIRST:
        connection.execute(f"drop table temp.main.{name}")
