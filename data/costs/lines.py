"""The lines behind a figure of costs: each charge, its part, and where it stands in which file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from data.costs.allocation.allocating import lay_out, match
from data.costs.charges import charges_sql
from data.costs.definition import cost_sql
from data.costs.loads import Loads
from data.costs.rulebook import kept_book
from data.errors import WrongQuestion
from data.store.hub import Snapshot
from data.store.memory import limit_memory
from data.store.quoting import quoted

DIMENSIONS = (
    "source", "provider", "account", "sub_account", "billing_month", "invoice", "currency",
    "category", "service", "charge", "is_correction", "commitment", "bucket", "team", "rule",
    "pool", "path", "activity", "subject", "initiative", "resource", "commitment_id", "is_estimate",
)  # fmt: skip
"""What lines can be asked for by, under the names that a snapshot has for it."""
_OF_BILLS = {
    "source": "source",
    "account": "account",
    "billing_month": "cast(date_trunc('month', from_at) as date)",
    "invoice": "invoice",
    "currency": "currency",
}
"""Of these, a part of a bill has one value."""
EFFECTIVE = "effective_cost"
AMOUNTS = (EFFECTIVE, "billed_cost")
"""By which lines can be ordered."""
MOST = 10_000
"""Lines that are handed out at once, the largest first."""


@dataclass(frozen=True)
class Wanted:
    """Which lines."""

    from_day: date | None = None
    until_day: date | None = None
    """The day after the last."""
    where: Mapping[str, object] = field(default_factory=dict)
    """Of some dimensions the value, or a tuple of those it may be; None: it has none."""
    unless: Mapping[str, object] = field(default_factory=dict)
    """Of some dimensions a value that they do not have."""

    def __post_init__(self) -> None:
        for name in (*self.where, *self.unless):
            if name not in DIMENSIONS:
                fix = f"name one of {', '.join(DIMENSIONS)}"
                raise WrongQuestion("lines cannot be asked for by this", name, fix)

    @property
    def condition(self) -> str:
        """As SQL over lines, with parameters named as dimensions."""
        parts = [
            f"list_contains(${name}, {name})"
            if isinstance(value, tuple)
            else f"{name} is not distinct from ${name}"
            for name, value in self.where.items()
        ]
        parts += [f"{name} is distinct from $not_{name}" for name in self.unless]
        parts += ["day >= $from_day"] if self.from_day else []
        parts += ["day < $until_day"] if self.until_day else []
        return " and ".join(parts) or "true"

    @property
    def parameters(self) -> dict[str, object]:
        """The values that `condition` names."""
        days = {"from_day": self.from_day, "until_day": self.until_day}
        unless = {f"not_{name}": value for name, value in self.unless.items()}
        where = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self.where.items()
        }
        return {**where, **unless, **{name: day for name, day in days.items() if day}}


@dataclass(frozen=True)
class Lines:
    """Lines, the largest first."""

    table: pa.Table
    """The columns of `charge_line`, and `bill`: the name of the file."""
    count: int
    """All there are, shown or not."""


def lines(
    snapshot: Snapshot, bills: Path, wanted: Wanted, most: int = MOST, by: str = EFFECTIVE
) -> Lines:
    """Allocates the lines that are asked for again, by the rules and shares of the snapshot.

    Args:
        snapshot: whose figure it is.
        bills: where the lines of bills lie.
        wanted: which.
        most: at most so many are returned.
        by: the amount that the largest have most of, `effective_cost` or `billed_cost`; where it is
            not known, they come last.

    Raises:
        LinesGone: if those of a bill are not in the store any more.
        WrongQuestion: if something is asked for that lines do not have.
    """
    if by not in AMOUNTS:
        raise WrongQuestion("lines have no such amount", by, f"name one of {', '.join(AMOUNTS)}")
    with opened(snapshot) as connection:
        _narrow(connection, wanted)
        allocated_again(connection, bills)
        connection.execute(f"create temp view charge_line as {cost_sql('charge_line')}")
        asked = f"from charge_line where {wanted.condition}"
        ((count,),) = connection.execute(f"select count(*) {asked}", wanted.parameters).fetchall()
        table = connection.sql(
            f"""
            select
                l.*,
                b.name as bill
            from (select * {asked}) l
            join (select load, min(name) as name from bill_in_effect group by load) b
              on b.load = l.load
            order by abs(l.{by}) desc nulls last, l.load, l.bill_row, l.team
            limit {most:d}
            """,
            params=wanted.parameters,
        ).to_arrow_table()
    return Lines(table, count)


def allocated_again(connection: duckdb.DuckDBPyConnection, bills: Path) -> None:
    """Makes the view `allocated` of the bills that hold, by the rules and shares of a snapshot.

    Args:
        connection: as `opened` gives it.
        bills: where the lines of bills lie.

    Raises:
        LinesGone: if those of a bill are not in the store any more.
    """
    kept = kept_book(connection.execute("select text, teams from cost_book").fetchall())
    charges = charges_sql(connection, Loads(bills), kept.book.own_columns)
    connection.execute(f"create temp view charge as {charges}")
    match(connection, kept.book, kept.teams)
    lay_out(connection, kept.book)


def _narrow(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> None:
    """Puts those bills alone before the others that can have such lines.

    With each comes what else tells of its account and period: of two views of the same charges the
    one says which amount the other has nothing of.
    """
    given = {
        name: wanted.where[name]
        for name in _OF_BILLS
        if name in wanted.where and not isinstance(wanted.where[name], tuple)
    }
    parts = [f"{_OF_BILLS[name]} is not distinct from ${name}" for name in given]
    connection.execute(
        f"""
        create temp table bill_in_effect as
        select b.*
        from kept.main.bill_in_effect b
        semi join (
            select * from kept.main.bill_in_effect where {" and ".join(parts) or "true"}
        ) w
          on w.source = b.source
         and w.account = b.account
         and w.from_at = b.from_at
        """,
        given,
    )


@contextmanager
def opened(snapshot: Snapshot) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own beside a snapshot: what readers share reads no other files."""
    with TemporaryDirectory(prefix="cairn-lines-") as spilled, duckdb.connect() as connection:
        connection.execute(f"set temp_directory = '{quoted(Path(spilled))}'")
        connection.execute("set timezone = 'UTC'")
        limit_memory(connection)
        connection.execute(f"attach '{quoted(snapshot.path)}' as kept (read_only)")
        connection.execute("set search_path = 'kept.main,memory.main'")
        yield connection
