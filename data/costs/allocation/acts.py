"""What rules and activities do, as tables beside the charges that they match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pyarrow as pa

from data.costs.allocation.activity import Activity
from data.costs.allocation.book import Book
from data.costs.allocation.bucket import Bucket
from data.costs.allocation.matched import folded
from data.costs.allocation.matching import NO_RULE, Matching
from data.costs.allocation.rule import Rule

_RULE = {"number": pa.int64(), "id": pa.string(), "team": pa.string(), "pool": pa.string(),
         "bucket": pa.string(), "reason": pa.string(), "named_by": pa.int64()}  # fmt: skip
_RULE_NAME = {"number": pa.int64(), "value": pa.string(), "team": pa.string()}
_ACTIVITY = {"number": pa.int64(), "activity": pa.string(), "initiative": pa.string(),
             "named_by": pa.int64()}  # fmt: skip
_ACTIVITY_NAME = {"number": pa.int64(), "value": pa.string(), "name": pa.string()}
TABLES = ("rule_act", "rule_name", "activity_act", "activity_name")

Row = Mapping[str, object]


def write_acts(connection: duckdb.DuckDBPyConnection, matching: Matching) -> None:
    """Makes the temporary tables that `Matching.select` reads."""
    book = matching.book
    keep(connection, "rule_act", list(_rules(book, matching)), _RULE)
    keep(connection, "rule_name", list(_teams(book, matching)), _RULE_NAME)
    activities = [_activity(number, one, matching) for number, one in enumerate(book.activity)]
    keep(connection, "activity_act", activities, _ACTIVITY)
    keep(connection, "activity_name", list(_subjects(book)), _ACTIVITY_NAME)


def keep(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    rows: Sequence[Row],
    columns: Mapping[str, pa.DataType],
) -> None:
    """Makes a temporary table of rows."""
    table = pa.Table.from_pylist(list(rows), schema=pa.schema(list(columns.items())))
    connection.register("given_rows", table)
    connection.execute(f"create or replace temp table {name} as from given_rows")
    connection.unregister("given_rows")


def _rules(book: Book, matching: Matching) -> Iterator[Row]:
    yield {"number": NO_RULE, "bucket": Bucket.UNALLOCATED.value, "reason": "no rule matches"}
    for number, rule in enumerate(book.rule):
        yield {
            "number": number,
            "id": rule.id,
            "team": rule.team,
            "pool": rule.pool,
            "bucket": _bucket(rule).value,
            "reason": rule.unallocatable or rule.exclude,
            "named_by": _index(matching.namings, rule.team_from),
        }


def _bucket(rule: Rule) -> Bucket:
    if rule.unallocatable is not None:
        return Bucket.UNALLOCATABLE
    return Bucket.DIRECT if rule.exclude is None else Bucket.EXCLUDED


def _teams(book: Book, matching: Matching) -> Iterator[Row]:
    for number, rule in enumerate(book.rule):
        if rule.team_from is not None:
            for value, team in matching.names(rule).items():
                yield {"number": number, "value": value, "team": team}


def _activity(number: int, one: Activity, matching: Matching) -> Row:
    return {
        "number": number,
        "activity": one.activity,
        "initiative": None if one.initiative is None else one.initiative.lower(),
        "named_by": _index(matching.subjects, one.subject_from),
    }


def _subjects(book: Book) -> Iterator[Row]:
    for number, one in enumerate(book.activity):
        for value, name in one.subjects.items():
            yield {"number": number, "value": folded(value), "name": name}


def _index(names: Sequence[str], name: str | None) -> int | None:
    return None if name is None else names.index(name)
