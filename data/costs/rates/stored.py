"""The rates in a snapshot: all that the file says, and which of them each day of charges has."""

from __future__ import annotations

from datetime import date

import duckdb
import pyarrow as pa

from data.costs.definition import cost_sql
from data.costs.rates.rate import PLACES, Rates

_SCHEMA = pa.schema(
    [
        ("day", pa.date32()),
        ("base", pa.string()),
        ("quote", pa.string()),
        ("rate", pa.decimal128(24, PLACES)),
        ("source", pa.string()),
    ]
)


def store_rates(
    connection: duckdb.DuckDBPyConnection, into: str, rates: Rates, known: date
) -> None:
    """Creates `rate` and `charge_rate` in the attached database.

    Args:
        connection: has the view `charge` with the charges that hold.
        into: the name of the attached database, in which names are looked for first.
        rates: what the file says.
        known: the day up to which anything is known: the months after it still run.
    """
    rows = [[getattr(one, name) for one in rates.all] for name in _SCHEMA.names]
    table = pa.table(dict(zip(_SCHEMA.names, rows, strict=True)), schema=_SCHEMA)
    connection.register("given_rates", table)
    connection.execute(f"create table {into}.rate as from given_rates order by base, quote, day")
    connection.unregister("given_rates")
    connection.execute(
        f"create table {into}.charge_rate as {cost_sql('charge_rate')}",
        {"currency": rates.currency, "rate_of": rates.rate_of.value, "known": known},
    )
