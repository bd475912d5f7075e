"""What teams used, from what other sources tell: the shared costs are split by it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connectors.update import update
from data.configuration import Configuration
from data.costs.allocation.book import Book
from data.costs.allocation.use import UseRefused
from data.costs.building import Costs
from data.costs.drivers import drivers
from data.facts.build import build
from data.model import ImportedValue, Indicator, ModelVersion, PipelineRun, Record, TrainingRun
from data.store.publish import publish
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.data.costs.bill.bills import line
from tests.data.costs.test_building import delivered, workspace
from tests.data.published import at, merged

TEAMS = Configuration.model_validate(
    {
        "team": [
            {"name": "pay", "owns": ["pipeline:pay-*", "model:fraud", "service:pay"]},
            {"name": "web", "owns": ["pipeline:web-*", "model:taste", "service:web"]},
        ]
    }
)
JANUARY = date(2026, 1, 1)


def used(folder: Path, records: Iterable[Record]) -> dict[tuple[str, date, str | None], Decimal]:
    """The amounts of a snapshot by driver, month and team."""
    workspace = Workspace(folder)
    costs = Costs(workspace.bills, Book(version="none"), ["pay", "web"])
    with merged(workspace, records, "2026-11-01", {}, {}) as working:
        fill = partial(build, configuration=TEAMS, facts=(), further=costs.write)
        publish(workspace, working.connection, fill, keep=5)
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        rows = opened.rows("select * from cost_driver")
    return {(r["driver"], r["month"], r["team"]): r["amount"] for r in rows}


def run(number: int, pipeline: str, begin: str, end: str | None, **fields: Any) -> PipelineRun:
    told: dict[str, Any] = {
        "id": f"run {number}", "source": "test", "url": None, "repository": None,
        "pipeline": pipeline, "run": str(number), "attempt": 1, "event": "schedule",
        "branch": None, "sha": None, "result": "success", "created_at": at(begin),
        "started_at": at(begin), "finished_at": end and at(end), "triggered_by": None,
        "parent": None, "kind": "data", **fields,
    }  # fmt: skip
    return PipelineRun(**told)


def test_minutes_and_runs_of_pipelines_count_each_attempt(tmp_path: Path) -> None:
    found = used(
        tmp_path,
        [
            run(1, "pay-load", "2026-01-05 10:00", "2026-01-05 10:30"),
            run(2, "pay-load", "2026-01-06 10:00", "2026-01-06 10:10", result="failure"),
            run(2, "pay-load", "2026-01-06 10:20", "2026-01-06 10:25", attempt=2, id="again"),
            run(3, "web-load", "2026-02-05 10:00", None, result="running"),
            run(4, "other", "2026-01-05 10:00", "2026-01-05 10:01"),
        ],
    )
    assert found == {
        ("pipeline_minutes", JANUARY, "pay"): 45,
        ("pipeline_minutes", JANUARY, None): 1,
        ("pipeline_minutes", date(2026, 2, 1), "web"): None,
        ("pipeline_runs", JANUARY, "pay"): 3,
        ("pipeline_runs", JANUARY, None): 1,
        ("pipeline_runs", date(2026, 2, 1), "web"): 1,
    }


def test_a_run_that_two_sources_tell_of_counts_once(tmp_path: Path) -> None:
    same = run(1, "pay-load", "2026-01-05 10:00", "2026-01-05 10:30")
    again = run(
        9, "pay-load", "2026-01-05 10:00", "2026-01-05 10:30", id="x", run="x", source="other"
    )
    found = used(tmp_path, [same, again])
    assert found["pipeline_minutes", JANUARY, "pay"] == 30
    assert found["pipeline_runs", JANUARY, "pay"] == 1


def test_two_runs_that_begin_at_once_are_two(tmp_path: Path) -> None:
    short = run(1, "pay-load", "2026-01-05 10:00", "2026-01-05 10:30")
    longer = run(2, "pay-load", "2026-01-05 10:00", "2026-01-05 11:00")
    found = used(tmp_path, [short, longer])
    assert found["pipeline_minutes", JANUARY, "pay"] == 90
    assert found["pipeline_runs", JANUARY, "pay"] == 2


def test_two_runs_that_two_sources_tell_are_two_if_they_end_otherwise(tmp_path: Path) -> None:
    short = run(1, "pay-load", "2026-01-05 10:00", "2026-01-05 10:30")
    longer = run(7, "pay-load", "2026-01-05 10:00", "2026-01-05 11:00", source="other")
    failed = run(
        8, "pay-load", "2026-01-05 10:00", "2026-01-05 10:30", source="other", result="failure"
    )
    found = used(tmp_path, [short, longer, failed])
    assert found["pipeline_minutes", JANUARY, "pay"] == 120
    assert found["pipeline_runs", JANUARY, "pay"] == 3


def test_a_run_counts_once_though_one_source_tells_its_moments_otherwise(tmp_path: Path) -> None:
    first = run(1, "pay-load", "2026-01-05 10:00", None, result="running")
    again = run(9, "pay-load", "2026-01-05 10:00:40", "2026-01-05 10:30", source="other")
    found = used(tmp_path, [first, again])
    assert found["pipeline_runs", JANUARY, "pay"] == 1
    assert round(found["pipeline_minutes", JANUARY, "pay"], 3) == Decimal("29.333")


def test_what_is_not_known_is_told_apart_from_what_has_not_ended(tmp_path: Path) -> None:
    rows = [
        run(1, "pay-load", "2026-01-05 10:00", "2026-01-05 10:30"),
        run(2, "pay-load", "2026-01-05 11:00", None, result="running"),
        run(3, "pay-load", "2026-01-05 12:00", None, result="failure"),
        training(4, "fraud", 2),
        counted(5, "tokens", "pay", None),
    ]
    used(tmp_path, rows)
    with closing(SnapshotReader(Workspace(tmp_path))) as reader, reader.reading() as opened:
        told = opened.rows("select driver, rows, unknown, unfinished, sources from cost_driver")
    assert {tuple(row.values()) for row in told} == {
        ("pipeline_minutes", 3, 1, 1, "test"),
        ("pipeline_runs", 3, 0, 0, "test"),
        ("tokens", 1, 1, 0, "test"),
        ("training_hours", 1, 0, 0, "test"),
    }


def test_a_run_that_ends_before_it_began_has_no_known_end(tmp_path: Path) -> None:
    wrong = run(1, "pay-load", "2026-01-05 10:00", "2026-01-05 09:30")
    assert used(tmp_path, [wrong])["pipeline_minutes", JANUARY, "pay"] is None


def training(number: int, experiment: str, hours: int) -> TrainingRun:
    return TrainingRun(
        id=f"training {number}", source="test", url=None, experiment=experiment, name="r",
        result="success", started_at=at("2026-01-05"), finished_at=at(f"2026-01-05 {hours:02}:00"),
    )  # fmt: skip


def version(number: int, model: str, of_run: str) -> ModelVersion:
    fields = dict.fromkeys(ModelVersion.__dataclass_fields__)
    told: dict[str, Any] = {**fields, "id": f"version {number}", "source": "test", "model": model,
                            "version": str(number), "run": of_run,
                            "created_at": at("2026-01-06")}  # fmt: skip
    return ModelVersion(**told)


def test_hours_of_training_are_those_of_the_model_or_of_its_experiment(tmp_path: Path) -> None:
    found = used(
        tmp_path,
        [
            training(1, "fraud", 2), training(2, "fraud", 3), training(3, "elsewhere", 5),
            version(1, "fraud", "training 1"),
        ],
    )  # fmt: skip
    assert found == {
        ("training_hours", JANUARY, "pay"): 5,
        ("training_hours", JANUARY, None): 5,
    }


def counted(number: int, kind: str, service: str | None, value: float | None) -> Indicator:
    return Indicator(
        id=f"indicator {number}", source="test", url=None, name="served", kind=kind,
        service=service, environment=None, from_at=at("2026-01-05"), until_at=at("2026-01-06"),
        value=value, target=None, known_seconds=86_400,
    )  # fmt: skip


def test_requests_and_tokens_are_those_of_a_teams_services(tmp_path: Path) -> None:
    found = used(
        tmp_path,
        [
            counted(1, "requests", "pay", 100.0), counted(2, "requests", "web", 300.0),
            counted(3, "requests", None, 7.0), counted(4, "tokens", "web", 5000.0),
            counted(5, "utilisation", "web", 0.5), counted(6, "tokens", "pay", None),
        ],
    )  # fmt: skip
    assert found == {
        ("requests", JANUARY, "pay"): 100,
        ("requests", JANUARY, "web"): 300,
        ("requests", JANUARY, None): 7,
        ("tokens", JANUARY, "web"): 5000,
        ("tokens", JANUARY, "pay"): None,
    }


def test_a_measure_that_somebody_imports_is_a_driver_of_its_name(tmp_path: Path) -> None:
    seats = [
        ImportedValue(
            id=f"seats {team}", source="test", url=None, measure="seats", team=team, about=None,
            value=value, unit="seats", from_at=at("2026-01-01"), until_at=at("2026-02-01"),
        )
        for team, value in (("pay", 3.0), ("web", 9.0), (None, 12.0))
    ]  # fmt: skip
    assert used(tmp_path, seats) == {("seats", JANUARY, "pay"): 3, ("seats", JANUARY, "web"): 9}


SEATS = """
[[source]]
kind = "table"
name = "people"
path = "seats.csv"
key = ["who", "month"]
period = "month"
[source.columns]
team = "who"
value = "many"
from_at = { column = "month", format = "%Y-%m" }
[source.constants]
measure = "seats"
unit = "seats"
"""


def test_less_than_nothing_is_refused_with_the_driver_and_who_tells_it(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    pool = 'split = "driver"\ndriver = "seats"\n'
    rules = (tmp_path / "rules.toml").read_text(encoding="utf-8")
    (tmp_path / "rules.toml").write_text(
        rules.replace('split = "direct_cost"\n', pool), encoding="utf-8"
    )
    with (tmp_path / "cairn.toml").open("a", encoding="utf-8") as settings:
        settings.write(SEATS)
    seats = "who,many,month\npay,-3,2026-01\n"
    (tmp_path / "seats.csv").write_text(seats, encoding="utf-8")
    delivered(tmp_path, "a.csv", line())
    with pytest.raises(UseRefused) as refused:
        update(found, lambda *_: None)
    assert str(refused.value) == (
        "pool machines, 2026-01: `pay` used -3 of `seats`, which is less than nothing; "
        "mend what people says of it"
    )


def test_those_that_the_documentation_tells_of_are_there() -> None:
    assert set(drivers()) == {
        "pipeline_minutes", "pipeline_runs", "requests", "tokens", "training_hours"
    }  # fmt: skip
