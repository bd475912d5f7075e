"""What results of Great Expectations say, as version 1.24.1 wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.files.great_expectations.connector import GreatExpectations
from data.model import DataCheck
from tests.connectors.files.source import FileSource, made, output

STORED = "gx/uncommitted/validations/orders_suite/__none__/20261122T004443.816723Z/shop-orders.json"


@pytest.fixture
def gx(tmp_path: Path) -> Iterator[FileSource]:
    with made(GreatExpectations, tmp_path) as source:
        yield source


def by_name(source: FileSource) -> dict[str, DataCheck]:
    return {row.name.removeprefix("expect_"): row for row in source.all(DataCheck)}


def test_each_expectation_is_a_check(gx: FileSource) -> None:
    gx.read({STORED: output("great_expectations/validation.json")})
    found = by_name(gx)
    assert {name: row.state for name, row in found.items()} == {
        "column_mean_to_be_between": "pass",
        "column_values_to_be_between": "warn",
        "column_values_to_be_unique": "error",
        "column_values_to_not_be_null": "fail",
        "table_row_count_to_be_between": "pass",
    }
    null = found["column_values_to_not_be_null"]
    assert (null.dataset, null.feature, null.severity) == ("orders", "customer", "critical")
    assert (null.failures, null.rows, null.value) == (1, 4, 0.25)
    assert null.checked_at == datetime(2026, 11, 22, 0, 44, 43, 816723, tzinfo=UTC)
    assert found["column_mean_to_be_between"].value == 6.0
    assert found["column_mean_to_be_between"].failures is None


def test_an_error_says_what_went_wrong(gx: FileSource) -> None:
    gx.read({STORED: output("great_expectations/validation.json")})
    message = by_name(gx)["column_values_to_be_unique"].message
    assert message == 'Error: The column "no_such" in BatchData does not exist.'


def test_a_checkpoint_and_what_its_store_keeps_of_it_tell_the_same_checks(
    tmp_path: Path,
) -> None:
    with made(GreatExpectations, tmp_path, patterns=["**/*.json"]) as gx:
        gx.read({"checkpoint.json": output("great_expectations/checkpoint.json")})
        before = gx.all(DataCheck)
        gx.read({STORED: output("great_expectations/validation.json")})
        assert gx.all(DataCheck) == before
        assert len(before) == 5


def test_a_result_that_overwrites_an_earlier_one_is_kept_beside_it(gx: FileSource) -> None:
    gx.read({STORED: output("great_expectations/validation.json")})
    before = gx.all(DataCheck)
    later = output("great_expectations/validation.json").replace(b"2026-11-22T", b"2026-11-23T")
    gx.read({STORED: later})
    found = {row.id: row for row in gx.all(DataCheck)}
    assert len(found) == 2 * len(before)
    assert [found.get(row.id) for row in before] == before
    assert len({row.invocation for row in found.values()}) == 2


def test_the_data_that_was_looked_at_is_not_archived(gx: FileSource) -> None:
    told = json.loads(output("great_expectations/validation.json"))
    for each in told["results"]:
        each["result"] |= {
            "partial_unexpected_list": ["private-person"],
            "unexpected_rows": [{"name": "private-person"}],
            "observed_value": ["private-person"],
            "details": {"value_counts": {"private-person": 1}},
        }
        each["rendered_content"] = ["private-person"]
    gx.read({STORED: json.dumps(told)})
    assert len(gx.all(DataCheck)) == 5
    assert "private-person" not in gx.everything()


def test_expectations_without_ids_are_told_apart(gx: FileSource) -> None:
    told = json.loads(output("great_expectations/validation.json"))
    for each in told["results"]:
        each["expectation_config"]["id"] = None
    gx.read({STORED: json.dumps(told)})
    assert len(gx.all(DataCheck)) == 5


def test_a_file_that_is_no_result_is_told(gx: FileSource) -> None:
    gx.read({STORED: b'{"name": "orders_suite", "expectations": []}'})
    assert "it is no result of a checkpoint or validation" in gx.told()[0]
