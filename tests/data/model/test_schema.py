"""One declaration gives table, Arrow schema and row type, and the three agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.model import (
    ENTITIES,
    ENTITY_OF,
    PROVENANCE,
    ChangeKind,
    Column,
    DeploymentStatus,
    Entity,
    Gap,
    GapReason,
    Record,
    Version,
)

EVERY_ENTITY = pytest.mark.parametrize("entity", ENTITIES.values(), ids=ENTITIES.keys())

_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])
_VALUES: dict[object, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Decimal: st.decimals(-(10**25), 10**25, allow_nan=False, places=12),
    datetime: st.builds(
        lambda moment, zone: moment.astimezone(zone),
        st.integers(0, 9_998 * 365 * 86_400).map(
            lambda seconds: datetime(1, 1, 2, 0, 0, 0, 7, UTC) + timedelta(seconds=seconds)
        ),
        _ZONES,
    ),
    tuple[str, ...]: st.lists(st.text(), max_size=3).map(tuple),
}

NAIVE = datetime(2026, 5, 1, tzinfo=UTC).replace(tzinfo=None)
VERSION = Version(
    id="git:web#tag/v1",
    source="web",
    repository="web",
    name="v1",
    sha=None,
    tagged_at=datetime(2026, 5, 1, tzinfo=UTC),
    position=1,
)


def values_of(column: Column) -> st.SearchStrategy[Any]:
    values = _VALUES[column.kind]
    return st.none() | values if column.is_nullable else values


@st.composite
def any_record(draw: st.DrawFn) -> Record:
    entity = draw(st.sampled_from(list(ENTITIES.values())))
    record: Record = entity.record(**{c.name: draw(values_of(c)) for c in entity.columns})
    return record


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        connection.execute("set timezone = 'UTC'")
        for entity in ENTITIES.values():
            connection.execute(entity.ddl)
        yield connection


def stored(database: duckdb.DuckDBPyConnection, record: Record) -> Record:
    """What the entity's table gives back after the record was written to it."""
    entity = ENTITY_OF[type(record)]
    database.execute(f'delete from "{entity.name}"')
    database.register("batch", entity.table([record]))
    names = ", ".join(f'"{column.name}"' for column in entity.columns)
    database.execute(
        f'insert into "{entity.name}" ({names}, stream, observed_at, evidence) '
        f"select {names}, 's', now(), 'e' from batch"
    )
    (row,) = database.sql(f'select {names} from "{entity.name}"').to_arrow_table().to_pylist()
    back: Record = entity.record(**{name: _plain(row[name]) for name in row})
    return back


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@given(any_record())
def test_any_record_comes_back_from_the_database_as_it_went_in(
    database: duckdb.DuckDBPyConnection, record: Record
) -> None:
    assert stored(database, record) == record


@EVERY_ENTITY
def test_the_table_has_the_columns_of_the_arrow_schema_and_the_provenance(
    database: duckdb.DuckDBPyConnection, entity: Entity
) -> None:
    described = database.execute(f'describe "{entity.name}"').fetchall()
    made = database.sql(f'select * from "{entity.name}"').to_arrow_table().schema
    assert [name for name, *_ in described] == [*entity.schema.names, *PROVENANCE]
    assert [made.field(name).type for name in entity.schema.names] == entity.schema.types
    is_nullable = {name: null == "YES" for name, _, null, *_ in described}
    for field in entity.schema:
        assert is_nullable[field.name] == field.nullable
    assert not any(is_nullable[name] for name in PROVENANCE)


@EVERY_ENTITY
def test_every_entity_and_every_field_says_what_it_is(entity: Entity) -> None:
    assert entity.record.__doc__
    assert not entity.record.__doc__.startswith(f"{entity.record.__name__}(")
    assert [column.name for column in entity.columns if len(column.doc) < 5] == []
    assert [c.name for c in entity.columns][:3] == ["id", "source", "url"]


@EVERY_ENTITY
def test_names_of_fields_tell_times_and_truths(entity: Entity) -> None:
    for column in entity.columns:
        assert (column.kind is datetime) == column.name.endswith("_at"), column.name
        assert (column.kind is bool) == column.name.startswith(("is_", "has_")), column.name


def test_the_choices_of_a_field_are_in_its_description() -> None:
    docs = {(name, c.name): c.doc for name, e in ENTITIES.items() for c in e.columns}
    for kind in ChangeKind:
        assert f"`{kind}`" in docs["change", "kind"]
    for status in DeploymentStatus:
        assert f"`{status}`" in docs["deployment", "status"]
    assert GapReason.__name__ in docs["gap", "reason"]


def test_an_entity_is_found_by_its_record() -> None:
    assert ENTITY_OF[Gap] is ENTITIES["gap"]
    assert len(ENTITY_OF) == len(ENTITIES)


def test_a_table_of_no_records_has_the_schema_all_the_same() -> None:
    table = ENTITIES["version"].table([])
    assert (table.num_rows, table.schema) == (0, ENTITIES["version"].schema)


def test_a_time_in_another_zone_is_stored_as_the_same_moment_in_utc() -> None:
    tokyo = datetime(2026, 5, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    (row,) = ENTITIES["version"].table([replace(VERSION, tagged_at=tokyo)]).to_pylist()
    assert row["tagged_at"].isoformat() == "2026-05-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("tagged_at", NAIVE, "time without a zone: 2026-05-01T00:00:00"),
        ("tagged_at", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))), "out of range"),
        ("tagged_at", datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=9))), "range"),
        ("tagged_at", "2026-05-01", "str where datetime should be"),
        ("name", None, "must not be null"),
        ("name", "caf\udce9", "surrogates not allowed"),
        ("name", 7, "int where str should be"),
        ("position", 2**63, "int"),
        ("position", 1.5, "float where int should be"),
        ("position", True, "bool where int should be"),
    ],
)
def test_what_does_not_fit_is_refused_by_record_and_field(
    field: str, value: object, said: str
) -> None:
    unfit = replace(VERSION, id="git:web#tag/v2", **{field: value})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=f"{field} of 'git:web#tag/v2': ") as refused:
        ENTITIES["version"].table([VERSION, unfit, VERSION])
    assert said in str(refused.value)


def test_dates_far_off_keep_their_microseconds(database: duckdb.DuckDBPyConnection) -> None:
    for moment in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)):
        far = replace(VERSION, tagged_at=moment)
        assert stored(database, far) == far


def test_a_field_of_two_types_is_no_entity() -> None:
    @dataclass(frozen=True)
    class Ambiguous(Record):
        size: int | str

    assert "size" in {field.name for field in fields(Ambiguous)}
    with pytest.raises(ValueError, match="unpack"):
        _ = Entity("ambiguous", Ambiguous).columns
