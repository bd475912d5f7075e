"""Parquet files, which know the types of their columns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from data.model import TrainingRun
from tests.connectors.tables.importing import Importer


@pytest.fixture
def importer(tmp_path: Path) -> Importer:
    return Importer(tmp_path)


def write(importer: Importer, **columns: object) -> None:
    path = importer.folder / "imports" / "training.parquet"
    parquet.write_table(pa.table(columns), path)


@pytest.mark.parametrize(
    "hours",
    [
        pa.array([1.5, None]),
        pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
        pa.array(["1.5", ""]),
        pa.array(["1.5", None]).dictionary_encode(),
    ],
)
@pytest.mark.parametrize(
    "months",
    [
        pa.array([date(2026, 1, 1)] * 2),
        pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * 2, pa.timestamp("ns")),
        pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * 2, pa.timestamp("ms", "UTC")),
        pa.array(["2026-01-01"] * 2),
    ],
)
def test_a_value_is_the_same_whatever_type_tells_it(
    importer: Importer, hours: pa.Array, months: pa.Array
) -> None:
    write(importer, Team=["pay", "ops"], Hours=hours, Month=months)
    found = importer.read()
    assert [(v.value, v.from_at.isoformat()) for v in found.values] == [
        (1.5, "2026-01-01T00:00:00+00:00")
    ]
    assert "line 2, Hours: is empty" in found.gaps[0].what


def test_a_number_of_the_file_is_no_matter_of_settings_and_a_text_is(importer: Importer) -> None:
    importer.settings |= {"decimal": ",", "thousands": "."}
    write(importer, Team=["pay"], Hours=[1234.5], Month=[date(2026, 1, 1)])
    assert importer.read().values[0].value == 1234.5
    write(importer, Team=["pay"], Hours=["1.234,5"], Month=[date(2026, 1, 1)])
    assert importer.read().values[0].value == 1234.5


def test_what_is_no_number_to_the_file_is_none_here(importer: Importer) -> None:
    write(importer, Team=["pay"], Hours=[float("nan")], Month=[date(2026, 1, 1)])
    assert "line 1, Hours: `nan` is no number" in importer.read().gaps[0].what


def test_columns_inside_of_one_are_named_by_a_path(importer: Importer) -> None:
    importer.settings["columns"] = {**importer.settings["columns"], "value": "Hours.all.sum"}
    nested = pa.array([{"all": {"sum": 3}, "other": [1, 2]}])
    write(importer, Team=["pay"], Hours=nested, Month=[date(2026, 1, 1)])
    assert [value.value for value in importer.read().values] == [3.0]


def test_a_list_where_one_value_should_be_refuses_the_file(importer: Importer) -> None:
    write(importer, Team=["pay"], Hours=pa.array([[1.0]]), Month=[date(2026, 1, 1)])
    assert "column `Hours` holds list<" in importer.read().standing[0].what


def test_a_list_fills_a_field_that_takes_one(importer: Importer) -> None:
    importer.settings = {
        "path": "imports/*",
        "entity": "training_run",
        "columns": {"name": "Name", "datasets": "Data"},
        "constants": {"experiment": "fraud", "result": "success"},
    }
    write(importer, Name=["one"], Data=pa.array([["a@1", "b@2"]]))
    (run,) = importer.read().rows
    assert isinstance(run, TrainingRun)
    assert run.datasets == ("a@1", "b@2")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"x" * 100 + b"PAR1"])
def test_what_is_no_parquet_is_a_gap(importer: Importer, content: bytes) -> None:
    assert "is no Parquet file" in importer.refusals(content, "training.parquet")


def test_a_file_without_rows_has_none(importer: Importer) -> None:
    write(importer, Team=pa.array([], pa.string()), Hours=pa.array([], pa.float64()),
          Month=pa.array([], pa.date32()))  # fmt: skip
    found = importer.read()
    assert (found.rows, found.standing, len(found.batches)) == ([], [], 1)
