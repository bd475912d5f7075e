"""What a snapshot says of costs: which bills hold, and what each team has of them by day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from data.configuration import Configuration
from data.costs.allocation.acts import TABLES as ACTS
from data.costs.allocation.allocating import allocate
from data.costs.allocation.book import Book
from data.costs.allocation.book_file import book_of
from data.costs.allocation.parting import splitting
from data.costs.charges import charges_sql
from data.costs.checks import write_checks
from data.costs.definition import cost_sql
from data.costs.drivers import sources_told, write_drivers
from data.costs.ended import endings, write_endings
from data.costs.loads import Loads
from data.costs.rates.rate import NO_RATES, Rates, rates_of
from data.costs.rates.stored import store_rates
from data.costs.refusals import refusals_sql
from data.costs.rulebook import write_book
from data.store.streams import known_until

_FOLDER = Path(__file__).parent
_MADE = ("charge", "matched", "charge_placed", "charge_cell", "charge_so_far",
         "allocated", "allocated_cell",
         "charge_line", "refused_line")  # fmt: skip
_TOLD = ("charge_day", "charge_resource", "commitment_month", "bill_delivered", "refused")
"""Tables that pages and checks look at, each made from those before it."""
_TABLES = ("tag_value", "combination", "pool_split", *ACTS)


@dataclass(frozen=True)
class Costs:
    """What costs are made from beside the rows that sources tell."""

    bills: Path
    """Where the lines of bills lie."""
    book: Book
    """How they are allocated."""
    teams: Sequence[str]
    """All teams, by their ids."""
    rates: Rates = NO_RATES
    """By which sums are told in one currency."""
    ends: Mapping[str, date] = field(default_factory=dict)
    """By source that says so, the first day of which it bills nothing."""

    @property
    def made_from(self) -> Mapping[str, str]:
        """What changes when costs could: the rules, the rates, and how costs are computed."""
        return {
            "rules": self.book.sha256,
            "rates": self.rates.sha256,
            "definitions": _definitions(),
        }

    def write(self, connection: duckdb.DuckDBPyConnection, into: str) -> None:
        """Creates the tables of costs in the attached database.

        Args:
            connection: the open working database.
            into: the name of the attached one, which has the inputs of facts.

        Raises:
            LinesGone: if the lines of a bill that holds are not in the store.
            TooMuch: if what falls into a pool on one day is too large to be split exactly.
            SharesRefused: if a pool cannot be split as it says.
        """
        with _searching(connection, into):
            connection.execute(
                f"create table {into}.bill_in_effect as {cost_sql('bill_in_effect')}"
            )
            write_endings(connection, into, self.ends)
            used = write_drivers(connection, into)
            charges = charges_sql(connection, Loads(self.bills), self.book.own_columns)
            connection.execute(f"create or replace temp view charge as {charges}")
            store_rates(connection, into, self.rates, known_until(connection).date())
            with sources_told(connection, into):
                allocate(connection, self.book, self.teams, used)
            connection.execute(
                f"create or replace temp view charge_line as {cost_sql('charge_line')}"
            )
            connection.execute(f"create table {into}.pool_split as from temp.main.pool_split")
            write_book(connection, into, self.book, self.teams)
            refusals = refusals_sql(connection, Loads(self.bills))
            connection.execute(f"create or replace temp view refused_line as {refusals}")
            with splitting(connection):
                for name in _TOLD:
                    connection.execute(f"create table {into}.{name} as {cost_sql(name)}")
            write_checks(connection, into)


def costs_of(configuration: Configuration, folder: Path, bills: Path) -> Costs:
    """What costs of a workspace are made from.

    Raises:
        ConfigurationError: if the rules or the rates cannot be meant.
    """
    teams = [team.name for team in configuration.team]
    book = book_of(folder, configuration.cost, teams)
    rates = rates_of(folder, configuration.cost)
    return Costs(bills, book, teams, rates, endings(configuration))


@cache
def _definitions() -> str:
    """A hash of all that says how costs are computed from lines."""
    said = sorted(
        path
        for pattern in ("*.py", "allocation/*.py", "rates/*.py", "**/*.sql")
        for path in _FOLDER.glob(pattern)
    )
    text = "".join(path.read_text(encoding="utf-8") for path in said)
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def _searching(connection: duckdb.DuckDBPyConnection, into: str) -> Iterator[None]:
    """Names are looked for in the attached database first; what was made for a while is dropped."""
    ((working,),) = connection.execute("select current_database()").fetchall()
    connection.execute(f"set search_path = '{into}.main,{working}.main'")
    try:
        yield
    finally:
        connection.execute(f"set search_path = '{working}.main'")
        for view in reversed(_MADE):
            connection.execute(f"drop view if exists temp.main.{view}")
        for table in _TABLES:
            connection.execute(f"drop table if exists temp.main.{table}")
