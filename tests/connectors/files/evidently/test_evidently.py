"""What reports and snapshots of Evidently say, as version 0.7.23 wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors.files.evidently.connector import Evidently, EvidentlySettings
from data.model import DataCheck
from tests.connectors.files.source import FileSource, made, output

SNAPSHOT = "project/snapshots/1.json"


@pytest.fixture
def evidently(tmp_path: Path) -> Iterator[FileSource]:
    with made(Evidently, tmp_path) as source:
        yield source


def drift(source: FileSource) -> dict[str | None, tuple[str, float | None, float | None]]:
    checks = [row for row in source.all(DataCheck) if row.kind == "drift"]
    return {row.feature: (row.state, row.value, row.threshold) for row in checks}


EXPECTED = {
    None: ("fail", pytest.approx(2 / 3), 0.5),
    "age": ("pass", pytest.approx(0.7125821), 0.05),
    "income": ("fail", pytest.approx(0), 0.05),
    "segment": ("fail", 0.0, 0.05),
}


@pytest.mark.parametrize("name", ["snapshot", "report", "report_with_tests"])
def test_drift_is_told_for_each_column_and_for_all_of_them(
    evidently: FileSource, name: str
) -> None:
    evidently.read({f"snapshots/{name}.json": output(f"evidently/{name}.json")})
    assert drift(evidently) == EXPECTED


def test_a_snapshot_names_its_model_and_its_time(tmp_path: Path) -> None:
    with made(Evidently, tmp_path, timezone="America/New_York") as source:
        source.read({SNAPSHOT: output("evidently/snapshot.json")})
        check = source.all(DataCheck)[0]
        assert (check.model, check.version, check.dataset) == ("churn", "8", None)
        assert check.checked_at == datetime(2026, 11, 22, 5, 45, 57, 470960, tzinfo=UTC)


def test_where_the_model_is_named_is_a_setting(tmp_path: Path) -> None:
    with made(Evidently, tmp_path, model_key="model_id", dataset_key="data") as source:
        told = json.loads(output("evidently/snapshot.json"))
        told["tags"] = ["nightly", "data: customers"]
        source.read({SNAPSHOT: json.dumps(told)})
        check = source.all(DataCheck)[0]
        assert (check.model, check.dataset) == ("churn-model", "customers")


def test_a_report_without_a_time_is_as_old_as_its_file(evidently: FileSource) -> None:
    evidently.read({"report.json": output("evidently/report.json")})
    at = (evidently.folder / "files/report.json").stat().st_mtime
    (told,) = {row.checked_at for row in evidently.all(DataCheck)}
    assert told.timestamp() == pytest.approx(at, abs=1e-3)


def test_a_report_that_is_copied_again_is_the_same_report(evidently: FileSource) -> None:
    evidently.read({"report.json": output("evidently/report.json")})
    evidently.read({"report_copy.json": output("evidently/report.json")})
    assert len(evidently.all(DataCheck)) == 4


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("snapshot", (b"2026-11-22T00:45:57", b"2026-11-23T00:45:57")),
        ("report", (b"0.7125", b"0.7126")),
    ],
)
def test_a_report_that_overwrites_an_earlier_one_is_kept_beside_it(
    evidently: FileSource, name: str, change: tuple[bytes, bytes]
) -> None:
    whole = output(f"evidently/{name}.json")
    assert change[0] in whole
    evidently.read({"reports/report.json": whole})
    before = evidently.all(DataCheck)
    evidently.read({"reports/report.json": whole.replace(*change)})
    found = {row.id: row for row in evidently.all(DataCheck)}
    assert len(found) == 2 * len(before)
    assert before[0].id in found
    assert len({row.invocation for row in found.values()}) == 2


def test_other_tests_are_checks_of_their_own(evidently: FileSource) -> None:
    evidently.read({SNAPSHOT: output("evidently/snapshot.json")})
    others = [row for row in evidently.all(DataCheck) if row.kind == "test"]
    assert {row.name for row in others} == {
        "Column 'age' missing values: Equal 0.000 ± 0.000",
        "Row count in dataset: Equal 200.000 ± 20.000",
    }


@pytest.mark.parametrize(
    ("method", "value", "state"),
    [
        ("K-S p_value", 0.05, "pass"),
        ("K-S p_value", 0.0499, "fail"),
        ("psi", 0.0499, "pass"),
        ("PSI", 0.05, "fail"),
        ("Jensen-Shannon distance", 0.2, "fail"),
        ("Wasserstein distance (normed)", 0.01, "pass"),
        ("K-S p_value", None, "error"),
        ("K-S p_value", float("nan"), "error"),
    ],
)
def test_a_distance_drifts_when_it_is_large_and_a_probability_when_it_is_small(
    evidently: FileSource, method: str, value: float | None, state: str
) -> None:
    told = json.loads(output("evidently/report.json"))
    told["metrics"] = [told["metrics"][1]]
    told["metrics"][0]["config"]["method"] = method
    told["metrics"][0]["value"] = value
    evidently.read({"report.json": json.dumps(told)})
    assert [row.state for row in evidently.all(DataCheck)] == [state]


def test_a_method_of_ones_own_is_judged_by_its_test_alone(evidently: FileSource) -> None:
    for number, name in enumerate(("report", "report_with_tests")):
        data = output(f"evidently/{name}.json").replace(b"K-S p_value", b"my method")
        evidently.read({f"{number}-report.json": data})
    found = drift(evidently)
    assert (found["age"][0], found["income"][0]) == ("pass", "fail")
    assert len([line for line in evidently.told() if "method `my method`" in line]) == 2


def test_pictures_which_may_show_the_data_are_not_archived(evidently: FileSource) -> None:
    told = json.loads(output("evidently/snapshot.json"))
    told["widgets"] = [{"params": "private-person"}]
    told["metric_results"]["x"] = {"value": {"private-person": 1}, "widget": ["private-person"]}
    evidently.read({SNAPSHOT: json.dumps(told)})
    assert "private-person" not in evidently.everything()


def test_a_time_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="is no time zone"):
        EvidentlySettings(path="x", timezone="Mars/Olympus")
