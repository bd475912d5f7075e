"""The rules of a snapshot, kept in it: to be shown, and to allocate a line again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from data.costs.allocation.book import Book
from data.costs.allocation.rule import Rule
from data.facts.table import create

_RULE = {
    "nth": pa.int64(),
    "rule": pa.string(),
    "act": pa.string(),
    "target": pa.string(),
    "from_day": pa.date32(),
    "until_day": pa.date32(),
    "match": pa.string(),
    "unless": pa.string(),
}
_POOL = {
    "nth": pa.int64(),
    "pool": pa.string(),
    "title": pa.string(),
    "split": pa.string(),
    "driver": pa.string(),
    "is_idle": pa.bool_(),
    "fallback": pa.list_(pa.string()),
    "from_day": pa.date32(),
    "until_day": pa.date32(),
}
_BOOK = {"version": pa.string(), "sha256": pa.string(), "teams": pa.list_(pa.string()),
         "text": pa.string()}  # fmt: skip


@dataclass(frozen=True)
class KeptBook:
    """Rules as a snapshot has them, and the teams that there were."""

    book: Book
    teams: tuple[str, ...]


def write_book(
    connection: duckdb.DuckDBPyConnection, into: str, book: Book, teams: Sequence[str]
) -> None:
    """Creates `cost_book`, `cost_rule` and `cost_pool` in the attached database."""
    kept = {"version": book.version, "sha256": book.sha256, "teams": list(teams),
            "text": book.model_dump_json(by_alias=True)}  # fmt: skip
    create(connection, into, "cost_book", [kept], _BOOK)
    rules = [_rule(number, rule) for number, rule in enumerate(book.rule, 1)]
    create(connection, into, "cost_rule", rules, _RULE)
    pools = [
        {
            "nth": number,
            "pool": pool.id,
            "title": pool.title or pool.id,
            "split": pool.split.value,
            "driver": pool.driver,
            "is_idle": pool.is_idle,
            "fallback": [one.value for one in pool.fallback],
            "from_day": pool.from_,
            "until_day": pool.until,
        }
        for number, pool in enumerate(book.pool, 1)
    ]
    create(connection, into, "cost_pool", pools, _POOL)


def kept_book(rows: Sequence[tuple[str, Sequence[str]]]) -> KeptBook:
    """The rules of a snapshot.

    Args:
        rows: `text` and `teams` of its table `cost_book`.
    """
    ((text, teams),) = rows
    return KeptBook(Book.model_validate_json(text), tuple(teams))


def _rule(number: int, rule: Rule) -> dict[str, object]:
    act = rule.act
    return {
        "nth": number,
        "rule": rule.id,
        "act": act,
        "target": getattr(rule, act),
        "from_day": rule.from_,
        "until_day": rule.until,
        "match": _words(rule.match),
        "unless": _words(rule.unless),
    }


def _words(patterns: object) -> str:
    return json.dumps(patterns, ensure_ascii=False, sort_keys=True, default=list)
