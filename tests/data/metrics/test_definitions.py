"""Every metric file: complete, locked to its version, and right on its own example cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml

import data.metrics
from data.configuration import Configuration
from data.facts.build import FACTS, build
from data.metrics.definition import (
    Definition,
    DefinitionRefused,
    UnknownMetric,
    definition,
    definitions,
    load,
)
from data.metrics.engine import evaluate
from data.metrics.figure import Figure
from data.metrics.scope import Scope
from data.period import Window
from data.store.publish import publish
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.working import Working
from data.store.workspace import Workspace

ALL = sorted(Path(data.metrics.__file__).parent.glob("*.yaml"))
FILES = [path for path in ALL if definition(path.stem).of is None]
"""Those that say themselves what they measure: the others compare one of them with a baseline."""
MAY = Window(date(2026, 5, 1), date(2026, 6, 1))
Case = dict[str, Any]


def _cases(path: Path) -> list[Case]:
    cases: list[Case] = yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]
    return cases


ALL_CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")
    for path in FILES
    for case in _cases(path)
]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_file_is_named_like_its_metric_and_measures_a_fact(path: Path) -> None:
    metric = definition(path.stem)
    assert metric.id == path.stem
    assert metric.fact in FACTS
    assert metric.covers
    assert metric.source


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_has_the_cases_that_matter(path: Path) -> None:
    names = " ".join(case["name"] for case in _cases(path))
    for word in ("nothing", "single", "boundary", "clock"):
        assert word in names, f"no case about {word}"


def test_what_is_compared_has_the_rows_of_what_it_compares() -> None:
    compared = [found for found in definitions().values() if found.of is not None]
    assert {found.target.id for found in compared if found.target} == {"T03", "T08", "T14", "T19"}
    for found in compared:
        base = definition(found.of or "")
        assert (found.fact, found.population, found.known) == (
            base.fact,
            base.population,
            base.known,
        )
        assert (found.measure, found.columns, found.subject) == (
            base.measure,
            base.columns,
            base.subject,
        )


def test_a_comparison_names_what_it_is_against(tmp_path: Path) -> None:
    path = tmp_path / "half.yaml"
    path.write_text("id: half\nof: lead_time\n", encoding="utf-8")
    with pytest.raises(DefinitionRefused, match="`of` and `against` go together"):
        load(path)


def test_an_unknown_metric_names_those_there_are() -> None:
    with pytest.raises(UnknownMetric, match="lead_time"):
        definition("lead_tim")


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("measure: count(*) FILTER(where is_failed)", "measure"),
        ("spread: max(recovery_seconds)\n    filter (where is_failed)", "spread"),
        ("parts: {versions: count(*) filter (where version is not null)}", "versions"),
    ],
)
def test_an_aggregate_that_chooses_its_own_rows_is_refused(
    tmp_path: Path, line: str, where: str
) -> None:
    text = Path(data.metrics.__file__).with_name("recovery_time.yaml").read_text(encoding="utf-8")
    name = line.partition(":")[0]
    kept = [old for old in text.splitlines() if not old.startswith(f"{name}:")]
    path = tmp_path / "recovery_time.yaml"
    path.write_text("\n".join([*kept, line]), encoding="utf-8")
    with pytest.raises(DefinitionRefused, match=f"recovery_time.yaml: `{where}` chooses its own"):
        load(path)
    path.write_text(text, encoding="utf-8")
    assert load(path) == definition("recovery_time")


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """One snapshot whose facts are the rows of all cases; each case is a service of its own."""
    workspace = Workspace(tmp_path_factory.mktemp("cases"))
    with closing(Working(workspace.working)) as working:
        publish(workspace, working.connection, _fill, keep=2)
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        yield opened


@pytest.mark.parametrize(("name", "case"), ALL_CASES)
def test_a_case_gives_what_its_file_expects(snapshot: Snapshot, name: str, case: Case) -> None:
    scope = Scope(**{definition(name).subject: _thing(name, case)})
    figure = evaluate(snapshot, definition(name), scope, MAY).figures[0]
    for field, expected in case["expect"].items():
        assert _told(figure, field) == pytest.approx(expected), field


def _told(figure: Figure, field: str) -> Any:
    value = figure.parts[field] if field in figure.parts else getattr(figure, field)
    return str(value) if field == "reason" and value is not None else value


def _thing(name: str, case: Case) -> str:
    return f"{name}: {case['name']}"


def _fill(connection: duckdb.DuckDBPyConnection, into: str) -> dict[str, Any]:
    manifest = build(connection, into, Configuration())
    for path in FILES:
        metric = definition(path.stem)
        for case in _cases(path):
            _insert(connection, into, metric, case)
    return {**manifest, "as_of": "2026-11-01T00:00:00+00:00"}


def _insert(
    connection: duckdb.DuckDBPyConnection, into: str, metric: Definition, case: Case
) -> None:
    subject = metric.subject
    where = {subject.value: _thing(metric.id, case), "team": "unowned"}
    _insert_rows(connection, f"{into}.owned_{subject}", [{**where, "timezone": "UTC"}])
    tier = {"environment": "production", "tier": "production"}
    place = {**where, **tier} if subject.has_environments else where
    if case.get("deployed_since", "2026-01-01") and metric.watched_in != metric.fact:
        since = _moment(case.get("deployed_since", "2026-01-01"))
        watch = f"{into}.{metric.watched_in}"
        told = {"name": metric.watched.split("'")[1]} if metric.watched else {}
        _insert_rows(connection, watch, [{**place, **told, "first_local_at": since}])
    rows = [
        {**place, "id": f"{where[subject]}/{number}", **_default(metric), **_typed(row)}
        for number, row in enumerate(case["rows"])
    ]
    _insert_rows(connection, f"{into}.{metric.fact}", rows)


def _default(metric: Definition) -> dict[str, Any]:
    noon = datetime.fromisoformat("2026-05-15 12:00")
    return {
        "change_delivery": {"state": "delivered", "local_at": noon},
        "deployment_outcome": {
            "local_at": noon,
            "is_failed": False,
            "is_rework": False,
            "is_watched": True,
            "is_traced": True,
        },
        "model_promotion": {
            "local_at": noon,
            "is_baseline": False,
            "is_rollback": False,
            "is_complete": True,
            "is_watched": True,
            "is_failed": False,
            "lead_state": "known",
        },
        "training_outcome": {"local_at": noon},
        "model_failure": {"local_at": noon},
        "model_gate": {"local_at": noon},
        "model_day": {"local_at": noon},
        "pipeline_outcome": {"local_at": noon, "result": "success", "is_first_failure": False},
        "pipeline_change": {"local_at": noon},
        "pipeline_slot": {"local_at": noon},
        "data_check_outcome": {"local_at": noon, "state": "pass"},
        "dataset_node": {"local_at": noon},
        "alert_outcome": {"local_at": noon, "is_noise": False, "is_told_again": False},
        "indicator_day": {"local_at": noon, "about": "availability"},
        "objective_burn": {"local_at": noon},
        "imported_measure": {"local_at": noon},
        "cost_day": {"local_at": noon},
        "initiative_part": {"local_at": noon},
        "unit_cost": {
            "local_at": noon,
            "name": (metric.watched or "''").split("'")[1],
            "is_costed": True,
        },
    }[metric.fact]


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {k: _moment(v) if k.endswith("_at") else v for k, v in row.items()}


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time())
    return datetime.fromisoformat(value)


def _insert_rows(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]
) -> None:
    if rows:
        schema = connection.sql(f"from {table} limit 0").to_arrow_table().schema
        named = {name for row in rows for name in row}
        given = pa.schema([schema.field(name) for name in schema.names if name in named])
        connection.register("given", pa.Table.from_pylist(rows, schema=given))
        connection.execute(f"insert into {table} by name select * from given")
        connection.unregister("given")
