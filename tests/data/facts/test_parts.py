"""Facts that are built apart are what they are where all are built."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from data.configuration import Configuration
from data.facts import build
from data.facts.build import FACTS, PUBLISHED, fact_sql
from data.facts.checks import InvariantBroken, invariant_sql, invariants
from data.facts.parts import built_for, held_by, made_from
from data.store.workspace import Workspace
from tests.data.facts import operations, registry
from tests.data.facts.story import MAINLINE, ran
from tests.data.facts.test_model_days import trained, value
from tests.data.published import change, incident, merged, repository

NUMBERS = range(1, 5)
RECORDS = [
    *MAINLINE,
    repository("web"),
    *(ran(number, f"2026-05-0{number}") for number in NUMBERS),
    *(change(number, f"2026-05-0{number}") for number in NUMBERS),
    incident(1, "2026-05-03"),
    registry.CHURN,
    *(registry.version(number) for number in NUMBERS),
    *(registry.run(number) for number in NUMBERS),
    *(registry.gate(number, "pass", f"2026-05-0{number}") for number in NUMBERS),
    registry.alias(1, "2026-05-01"),
    registry.alias(2, "2026-05-10", "2026-05-09"),
    registry.alert("2026-05-11"),
    trained(1, 0.9),
    value(0.7, "2026-05-04", version="1"),
    *(operations.run(number, f"2026-05-0{number}") for number in NUMBERS),
    *(operations.alert(number, f"2026-05-0{number}") for number in NUMBERS),
    *(operations.check(number, "fail", f"2026-05-0{number}") for number in NUMBERS),
    *(operations.dataset(name) for name in ("raw", "orders")),
    operations.edge("raw", "orders"),
    *(operations.day(f"2026-05-0{number}", 0.5) for number in NUMBERS),
]


@pytest.fixture(scope="module", name="working")
def _working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    workspace = Workspace(tmp_path_factory.mktemp("parts"))
    with merged(workspace, RECORDS, "2026-06-01", {}, {}) as working:
        working.connection.execute("attach ':memory:' as whole")
        build.build(working.connection, "whole", Configuration())
        yield working.connection


@pytest.fixture
def connection(working: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """With an empty database `part` beside the one that has all facts."""
    working.execute("attach ':memory:' as part")
    yield working
    working.execute("detach part")


def rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[Any]:
    return connection.execute(f"from {table} order by all").fetchall()


def tables(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = ?", [database]
    )
    return {name for (name,) in found.fetchall()}


@pytest.mark.parametrize("fact", PUBLISHED)
def test_a_fact_that_is_built_apart_is_what_it_is_where_all_are_built(
    connection: duckdb.DuckDBPyConnection, fact: str
) -> None:
    build.build(connection, "part", Configuration(), [fact])
    assert rows(connection, f"part.{fact}") == rows(connection, f"whole.{fact}")
    left_out = set(PUBLISHED) - built_for([fact])
    assert tables(connection, "part") == tables(connection, "whole") - left_out


def test_most_facts_of_that_story_have_rows(working: duckdb.DuckDBPyConnection) -> None:
    assert sum(bool(rows(working, f"whole.{fact}")) for fact in PUBLISHED) > len(PUBLISHED) / 2


def test_a_fact_is_made_from_facts_before_it() -> None:
    for number, fact in enumerate(FACTS):
        assert made_from(fact) < set(FACTS[:number]) | {fact}


def test_all_facts_are_held_by_all_invariants() -> None:
    assert held_by(built_for(FACTS)) == list(invariants())


@pytest.mark.parametrize("fact", PUBLISHED)
def test_an_invariant_that_speaks_of_a_fact_holds_it_also_where_that_is_built_apart(
    fact: str,
) -> None:
    about = {name for name in invariants() if fact in invariant_sql(name).split()}
    assert about <= set(held_by(built_for([fact])))


def test_a_part_that_contradicts_itself_is_refused(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def doubled(name: str) -> str:
        sql = fact_sql(name)
        return f"from ({sql}) union all from ({sql})" if name == "deployment_outcome" else sql

    monkeypatch.setattr(build, "fact_sql", doubled)
    with pytest.raises(
        InvariantBroken, match=r"each_deployment_is_told_once|no_deployment_is_lost"
    ):
        build.build(connection, "part", Configuration(), ["deployment_outcome"])


def test_a_part_is_never_taken_for_whole(connection: duckdb.DuckDBPyConnection) -> None:
    part = build.build(connection, "part", Configuration(), ["owned_service"])
    assert part["facts"] != build.definitions()
