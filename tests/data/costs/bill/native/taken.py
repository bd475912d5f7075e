"""What an export of a provider comes to: its sums, and the lines that are kept of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from data.costs.bill.examined import Examined
from data.costs.bill.examining import read_bill
from data.costs.bill.form import Form
from data.costs.bill.kept import kept

FORM = Form()


def sums(found: Examined) -> dict[str, Decimal | None]:
    return {total.amount: total.sum for total in found.totals}


def lines(folder: Path, path: Path, columns: str, form: Form = FORM) -> list[tuple[Any, ...]]:
    read_bill(path, form, folder / "lines.parquet")
    source = kept([folder / "lines.parquet"])
    query = f"select {columns} from ({source}) order by bill_row, ChargeCategory"
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(query).fetchall()
