"""What a bill came to: its version, exact totals, what is refused, and what is told of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from data.costs.bill.column import known
from data.costs.bill.file import open_bill
from data.costs.bill.form import Form
from data.costs.bill.reading import Reading
from data.costs.bill.refusal import BillRefused
from data.costs.bill.rule import asked_of
from data.store.quoting import quoted

MOST_SHOWN = 20
"""Refused values that are listed; the others are counted."""
_MOST_EXAMPLES = 3
_ROUNDED = "twelve-decimals"


@dataclass(frozen=True, slots=True)
class Refused:
    """A value for which a row is not taken."""

    row: int | None
    """Number of the row, the first after the head being 1; None: the line is no row."""
    line: int | None
    """Number of the line in the file, of a line that is no row."""
    column: str | None
    written: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is against some rows that are taken all the same."""

    rule: str
    column: str
    why: str
    count: int
    rows: tuple[int, ...]
    """The first of them."""


@dataclass(frozen=True, slots=True)
class Total:
    """The exact sum of an amount in one currency, of the rows that are taken."""

    currency: str
    amount: str
    """The column."""
    sum: Decimal | None
    """None: no row has one."""
    rows: int
    """Rows that have one."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a bill holds of one account, billing period, invoice and currency, of what is taken."""

    account: str
    from_at: datetime
    until_at: datetime
    invoice: str | None
    currency: str
    rows: int
    billed_cost: Decimal
    effective_cost: Decimal


@dataclass(frozen=True, slots=True)
class Examined:
    """One file, read."""

    path: Path
    version: str
    rows: int
    """Rows and lines that are none, taken or not."""
    taken: int
    totals: tuple[Total, ...]
    parts: tuple[Part, ...]
    refused: tuple[Refused, ...]
    """The first of them."""
    told: tuple[Told, ...]
    unknown_columns: tuple[str, ...]
    """Columns that are neither FOCUS's nor begin with `x_` as others should."""
    missing_columns: tuple[str, ...]
    """Columns that the version must have and the file has not."""

    @property
    def refused_rows(self) -> int:
        """Rows that are not taken."""
        return self.rows - self.taken


def examine(path: Path, form: Form) -> Examined:
    """Reads a bill and keeps nothing of it.

    Raises:
        BillRefused: if the file is no bill.
    """
    with TemporaryDirectory(prefix="cairn-bill-") as folder:
        return read_bill(path, form, Path(folder) / "bill.parquet")


def read_bill(path: Path, form: Form, into: Path) -> Examined:
    """Reads a bill and writes its lines, typed, into a Parquet file.

    Raises:
        BillRefused: if the file is no bill.
    """
    with _database(into.parent) as connection:
        reading = Reading(open_bill(connection, path, form), form)
        try:
            connection.execute(reading.writing(into))
        except duckdb.Error as error:
            what = f"cannot be read ({str(error).splitlines()[0]})"
            raise BillRefused(what, str(path), "mend or export it anew") from error
        return _summed(connection, reading, into)


@contextmanager
def _database(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set temp_directory = '{quoted(folder)}'")
        yield connection


def _summed(connection: duckdb.DuckDBPyConnection, reading: Reading, bill: Path) -> Examined:
    source = f"read_parquet('{quoted(bill)}')"
    ((rows, taken),) = connection.execute(
        f"select count(*), count_if(refused is null) from {source}"
    ).fetchall()
    broken = _broken_lines(connection)
    version, columns = reading.version, known().of(reading.version)
    return Examined(
        path=reading.file.path,
        version=version,
        rows=rows + len(broken),
        taken=taken,
        totals=tuple(_totals(connection, reading, source)),
        parts=tuple(_parts(connection, reading, source)),
        refused=(*_refused(connection, source), *broken)[:MOST_SHOWN],
        told=(*_rounded(connection, source), *_told(connection, reading, source)),
        unknown_columns=tuple(n for n in reading.others if not n.startswith("x_")),
        missing_columns=tuple(
            name
            for name, column in columns.items()
            if column.level == "mandatory" and name not in reading.columns
        ),
    )


def _totals(
    connection: duckdb.DuckDBPyConnection, reading: Reading, source: str
) -> Iterator[Total]:
    amounts = [name for name in known().amounts if name in reading.columns]
    sums = ", ".join(f"sum({name}), count({name})" for name in amounts)
    rows = connection.execute(
        f"""
        select BillingCurrency, {sums}
        from {source}
        where refused is null
        group by BillingCurrency
        order by BillingCurrency
        """
    ).fetchall()
    for currency, *values in rows:
        for index, name in enumerate(amounts):
            yield Total(currency, name, values[2 * index], values[2 * index + 1])


def _parts(connection: duckdb.DuckDBPyConnection, reading: Reading, source: str) -> Iterator[Part]:
    invoice = "InvoiceId" if "InvoiceId" in reading.columns else "cast(null as varchar)"
    rows = connection.execute(
        f"""
        select
            BillingAccountId,
            BillingPeriodStart,
            BillingPeriodEnd,
            {invoice} as invoice,
            BillingCurrency,
            count(*),
            sum(BilledCost),
            sum(EffectiveCost)
        from {source}
        where refused is null
        group by all
        order by all
        """
    ).fetchall()
    for row in rows:
        yield Part(*row)


def _refused(connection: duckdb.DuckDBPyConnection, source: str) -> Iterator[Refused]:
    rows = connection.execute(
        f"""
        with reasons as (
            select bill_row, unnest(refused) as reason
            from {source}
            where refused is not null
        )
        select bill_row, reason."column", reason.written, reason.why
        from reasons
        order by bill_row
        limit {MOST_SHOWN}
        """
    ).fetchall()
    for row, column, written, why in rows:
        yield Refused(row, None, column, written, why)


def _broken_lines(connection: duckdb.DuckDBPyConnection) -> Sequence[Refused]:
    """Lines of a CSV file that are no rows."""
    found = connection.execute(
        "select count(*) from duckdb_tables() where table_name = 'reject_errors'"
    ).fetchall()
    if not found[0][0]:
        return ()
    rows = connection.execute(
        "select line, min(csv_line), min(error_type) from reject_errors group by line order by line"
    ).fetchall()
    return [Refused(None, line, None, text, _of_line(kind)) for line, text, kind in rows]


def _of_line(kind: str) -> str:
    return {
        "TOO MANY COLUMNS": "has more cells than the head",
        "MISSING COLUMNS": "has fewer cells than the head",
        "UNQUOTED VALUE": "has a quotation mark that does not end",
        "INVALID ENCODING": "has bytes that are no text in this encoding",
    }.get(kind, "cannot be told apart into cells")


def _rounded(connection: duckdb.DuckDBPyConnection, source: str) -> Iterator[Told]:
    rows = connection.execute(
        f"""
        with amounts as (
            select bill_row, unnest(rounded) as amount
            from {source}
            where refused is null and rounded is not null
        )
        select amount, count(*), min(bill_row, {_MOST_EXAMPLES})
        from amounts
        group by amount
        order by amount
        """
    ).fetchall()
    for amount, count, examples in rows:
        yield Told(_ROUNDED, amount, "has more than twelve decimals: it is rounded", count,
                   tuple(examples))  # fmt: skip


def _told(connection: duckdb.DuckDBPyConnection, reading: Reading, source: str) -> Iterator[Told]:
    asked = asked_of(reading.columns, refuses=False)
    if not asked:
        return
    counts = ", ".join(
        f"count_if({rule.broken}), min(bill_row, {_MOST_EXAMPLES}) filter ({rule.broken})"
        for rule in asked
    )
    ((*values,),) = connection.execute(
        f"select {counts} from {source} where refused is null"
    ).fetchall()
    for index, rule in enumerate(asked):
        count, rows = values[2 * index], values[2 * index + 1]
        if count:
            yield Told(rule.id, rule.column, rule.says, count, tuple(rows))
