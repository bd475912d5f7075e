"""What a real MLflow server is asked, and whether the double answers as it does."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.http.session import Http, Reply
from connectors.interface import Context, Severity
from connectors.mlflow import reading
from connectors.mlflow.connector import MLflow
from connectors.mlflow.settings import MLflowSettings
from data.model import Evaluation, Gap, LineageEdge, ModelEvent, ModelVersion, Record, TrainingRun
from tests.connectors.house import House
from tests.connectors.loopback import Answer, Asked
from tests.doubles.mlflow.double import MLflowDouble
from tests.doubles.mlflow.world import World
from tests.servers.mlflow import MLflowServer, running


@dataclass(frozen=True)
class Served:
    """A server that runs, and what it and the double were told before all else."""

    server: MLflowServer
    twins: Twins


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("mlflow")) as server:
        yield Served(server, _twins(server))


@pytest.fixture
def server(served: Served) -> MLflowServer:
    return served.server


class Reader:
    """A house that reads the server, and knows when."""

    def __init__(self, url: str, folder: Path, running: ExitStack) -> None:
        self.url, self.folder = url, folder
        self.house = House(folder / "house")
        running.callback(self.house.close)

    @property
    def connector(self) -> MLflow:
        return MLflow("ml", MLflowSettings(url=self.url), self._context)

    @property
    def _context(self) -> Context:
        return Context(
            folder=self.folder,
            mirrors=self.folder / "mirrors",
            hotfix_pattern="x",
            clock=lambda: datetime.now(UTC),
            progress=lambda *_: None,
        )

    def sync(self) -> tuple[datetime, datetime]:
        """Reads all; when it began and ended, by the test's own clock."""
        began = datetime.now(UTC)
        result = self.house.sync(self.connector, self._context)
        assert not result.errors
        return began, datetime.now(UTC)

    def rows(self, kind: type[Record]) -> list[Any]:
        return [row for row in self.house.records().values() if isinstance(row, kind)]

    def runs(self, experiment: str) -> list[TrainingRun]:
        return [run for run in self.rows(TrainingRun) if run.experiment == experiment]

    def events(self, model: str) -> dict[tuple[Any, ...], ModelEvent]:
        """By what happened."""
        events = [row for row in self.rows(ModelEvent) if row.model == model]
        told = {(e.kind, e.version, e.name, e.value, e.previous): e for e in events}
        assert len(told) == len(events)
        return told


@pytest.fixture
def reader(server: MLflowServer, tmp_path: Path) -> Iterator[Reader]:
    with ExitStack() as running:
        yield Reader(server.url, tmp_path, running)


def test_the_timeline_shows_just_what_was_done_within_its_bounds(
    server: MLflowServer, reader: Reader
) -> None:
    reader.sync()
    done: dict[tuple[Any, ...], tuple[datetime, datetime]] = {}
    read: dict[tuple[Any, ...], tuple[datetime, datetime]] = {}
    last = reader.sync()

    def do(*acts: tuple[tuple[Any, ...], Any]) -> None:
        nonlocal last
        for told, act in acts:
            began = datetime.now(UTC)
            act()
            done[told] = (began, datetime.now(UTC))
        before, last = last, reader.sync()
        read.update({told: (before[0], last[1]) for told, _ in acts})

    name = "timeline 😀"
    do(
        (("created", None, None, None, None), lambda: server.model(name, owner="growth")),
        (("created", "1", None, None, None), lambda: server.version(name)),
        (("created", "2", None, None, None), lambda: server.version(name)),
        (("alias", "1", "champion", None, None), lambda: server.alias(name, "champion", "1")),
    )
    do(
        (("alias", "2", "champion", None, "1"), lambda: server.alias(name, "champion", "2")),
        (("tag", "2", "approved", "yes", None), lambda: server.tag(name, "2", "approved", "yes")),
    )
    do((("alias", "1", "champion", None, "2"), lambda: server.alias(name, "champion", "1")))
    do((("stage", "2", None, "Production", None), lambda: server.stage(name, "2", "Production")))
    do(
        (("alias", None, "champion", None, "1"), lambda: server.alias(name, "champion", None)),
        (("deleted", "1", None, None, None), lambda: server.delete_version(name, "1")),
    )

    told = reader.events(name)
    assert set(told) == set(done)
    for key, event in told.items():
        assert event.occurred_after_at is not None
        if key[0] == "created":
            # The server tells the millisecond, cut off.
            assert event.occurred_after_at == event.occurred_before_at
            assert (done[key][0] - event.occurred_before_at).total_seconds() < 0.002
            assert event.occurred_before_at <= done[key][1]
        else:
            assert event.occurred_after_at <= done[key][0]
            assert done[key][1] <= event.occurred_before_at
            assert read[key][0] <= event.occurred_after_at
            assert event.occurred_before_at <= read[key][1]
    (gone,) = (v for v in reader.rows(ModelVersion) if v.model == name and v.gone_before_at)
    assert (gone.version, gone.gone_after_at <= done["deleted", "1", None, None, None][0]) == (
        "1",
        True,
    )


def test_a_name_that_is_given_again_is_another_model(server: MLflowServer, reader: Reader) -> None:
    server.model("again")
    server.version("again")
    reader.sync()
    server.delete_model("again")
    server.model("again")
    assert server.version("again") == "1"
    reader.sync()
    events = [event for event in reader.rows(ModelEvent) if event.model == "again"]
    kinds = [event.kind for event in events if event.version == "1"]
    assert sorted(kinds) == ["created", "created", "deleted"]
    (version,) = (v for v in reader.rows(ModelVersion) if v.model == "again")
    assert version.gone_before_at is None


def test_runs_are_read_as_they_end_and_told_when_they_are_deleted_behind_a_version(
    server: MLflowServer, reader: Reader
) -> None:
    experiment = server.experiment("churn")
    commit = "0123456789" * 4
    tags = {"mlflow.source.git.commit": commit, "mlflow.source.git.dirty": "true"}
    run = server.start(experiment, "first", **tags)
    for step, value in ((0, 0.5), (2, 0.9), (1, 0.7)):
        server.log(run, "auc", value, step)
    for name, word in (("nan", "NaN"), ("infinite", "Infinity")):
        server.log(run, name, word)
    server.post("runs/log-parameter", run_id=run, key="random_state", value="7")
    dataset = {"name": "customers", "digest": "d1", "source_type": "local", "source": "{}"}
    server.post("runs/log-inputs", run_id=run, datasets=[{"dataset": dataset, "tags": []}])
    reader.sync()
    (told,) = reader.runs("churn")
    assert (told.result, told.finished_at) == ("running", None)
    server.finish(run)
    server.model("traced")
    server.version("traced", run)
    reader.sync()
    (told,) = reader.runs("churn")
    assert (told.experiment, told.result, told.sha) == ("churn", "success", commit)
    assert (told.is_clean, told.has_seed, told.parameter_count) == (False, True, 1)
    assert told.datasets == ("customers@d1",)
    values = {row.metric: row.value for row in reader.rows(Evaluation) if row.run == told.id}
    assert values == {"auc": 0.9, "nan": None, "infinite": None}
    edges = [edge for edge in reader.rows(LineageEdge) if edge.run == told.id]
    ends = {(edge.from_name, edge.to_name) for edge in edges}
    assert ends == {("customers", told.id), (told.id, "traced@1")}
    assert reader.rows(Gap) == []
    server.delete_run(run)
    reader.sync()
    (gap,) = reader.rows(Gap)
    assert gap.about == told.id
    server.post("runs/restore", run_id=run)
    reader.sync()
    assert reader.rows(Gap) == []


def test_versions_that_come_and_go_while_pages_are_read_are_told_once(
    server: MLflowServer, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_VERSIONS_A_PAGE", 3)
    server.model("growing")
    for _ in range(7):
        server.version("growing")
    reader.sync()
    _read_while(monkeypatch, reader, [lambda: server.version("growing")] * 3)
    _read_while(monkeypatch, reader, [lambda: server.delete_version("growing", "1")])
    versions = {v.version: v for v in reader.rows(ModelVersion) if v.model == "growing"}
    assert not any(version.gone_before_at for version in versions.values())
    reader.sync()
    versions = {v.version: v for v in reader.rows(ModelVersion) if v.model == "growing"}
    assert versions.keys() == {str(number) for number in range(1, 11)}
    assert [name for name, version in versions.items() if version.gone_before_at] == ["1"]
    told = [(e.kind, e.version) for e in reader.rows(ModelEvent) if e.model == "growing"]
    made = [("created", str(number)) for number in range(1, 11)]
    assert sorted(told, key=str) == sorted([("created", None), ("deleted", "1"), *made], key=str)


def _read_while(
    monkeypatch: pytest.MonkeyPatch, reader: Reader, acts: list[Callable[[], object]]
) -> None:
    """Reads, and does something after each page of versions that the model is on."""
    get = Http.get

    def getting(http: Http, path: str, *told: Any) -> Reply:
        reply = get(http, path, *told)
        if path.endswith("model-versions/search") and b'"growing"' in reply.body and acts:
            acts.pop(0)()
        return reply

    with monkeypatch.context() as patched:
        patched.setattr(Http, "get", getting)
        reader.sync()
    assert not acts


NAMES = ["team a/churn v2", "a%2Fb", "🦦 otter", "n" * 300, "a'b\"c", "ünïcode"]


def test_a_name_that_the_server_takes_is_a_name_here(server: MLflowServer, reader: Reader) -> None:
    taken = [
        name for name in NAMES if server.raw("POST", "registered-models/create", {"name": name}).ok
    ]
    assert {"🦦 otter", "n" * 300, "a'b\"c"} <= set(taken)
    for name in taken:
        server.alias(name, "champion", server.version(name))
    reader.sync()
    for name in taken:
        assert reader.events(name).keys() == {
            ("created", None, None, None, None),
            ("created", "1", None, None, None),
            ("alias", "1", "champion", None, None),
        }
    versions = [row.id for row in reader.rows(ModelVersion) if row.model in taken]
    assert len(set(versions)) == len(taken)
    assert reader.rows(Gap) == []


def test_names_of_experiments_runs_and_metrics_are_what_the_server_says(
    server: MLflowServer, reader: Reader
) -> None:
    long = "x" * 200
    run = server.start(server.experiment(f"team a/churn 🦦 {long}"), f"first/try 🦦 {long}")
    names = ["val/auc", "loss: a.b-c d", "m" * 200]
    for name in names:
        server.log(run, name, 0.5)
    server.finish(run)
    reader.sync()
    (told,) = reader.runs(f"team a/churn 🦦 {long}")
    assert told.name == f"first/try 🦦 {long}"
    values = {row.metric: row.value for row in reader.rows(Evaluation) if row.run == told.id}
    assert values == dict.fromkeys(names, 0.5)


def test_nothing_new_is_nothing_to_store(server: MLflowServer, reader: Reader) -> None:
    server.model("quiet")
    server.alias("quiet", "champion", server.version("quiet"))
    time.sleep(1.1)  # it tells its time in whole seconds: what ended in this one is read again
    reader.sync()
    result = reader.house.sync(reader.connector, reader._context)
    assert (result.pages, result.errors) == (0, [])


def test_doctor_names_what_could_mean_production(server: MLflowServer, reader: Reader) -> None:
    server.model("seen")
    server.alias("seen", "blue", server.version("seen"))
    findings = reader.connector.check()
    assert {finding.severity for finding in findings} == {Severity.OK}
    assert any("blue (1)" in finding.what for finding in findings)


# --- the double is as the server ----------------------------------------------------------------

QUESTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "registered-models/search", {"max_results": 1000}),
    ("GET", "registered-models/search", {"max_results": 1001}),
    ("GET", "model-versions/search", {"max_results": 2, "order_by": "creation_timestamp ASC"}),
    ("GET", "registered-models/get", {"name": "nobody"}),
    ("GET", "model-versions/get", {"name": "twin", "version": "99"}),
    ("GET", "model-versions/get", {"name": "twin", "version": "1"}),
    ("GET", "runs/get", {"run_id": "f" * 32}),
    ("POST", "experiments/search", {"max_results": 1000, "view_type": "ALL"}),
]


def _runs(experiment: str, **asked: Any) -> tuple[str, str, dict[str, Any]]:
    return "POST", "runs/search", {"experiment_ids": [experiment], "max_results": 10, **asked}


@dataclass(frozen=True)
class Twins:
    """The real server and the double after the same things were done to both."""

    asked: list[tuple[str, str, dict[str, Any]]]
    """Of the double."""
    answers: list[tuple[int, Any]]
    """Of the server, while it held nothing else."""
    double: MLflowDouble


def _twins(server: MLflowServer) -> Twins:
    world = World(datetime(2026, 1, 1, tzinfo=UTC))
    world.experiment("Default")
    experiments = (server.experiment("twin"), world.experiment("twin"))
    runs: tuple[list[str], list[str]] = ([], [])
    for status in ("FINISHED", "FAILED", None, "FINISHED"):
        runs[0].append(server.start(experiments[0], "r", color="red"))
        runs[1].append(world.start(experiments[1], "r", color="red"))
        server.log(runs[0][-1], "auc", "NaN")
        world.log(runs[1][-1], {"auc": "NaN"}, {})
        if status:
            server.finish(runs[0][-1], status)
            world.finish(runs[1][-1], status)
    server.delete_run(runs[0][3])
    world.delete_run(runs[1][3])
    for twin, made in ((server, runs[0]), (world, runs[1])):
        twin.model("twin", owner="o")
        for run in made[:3]:
            twin.version("twin", run)
        twin.alias("twin", "champion", "1")
        twin.tag("twin", "1", "ok", "yes")
        twin.stage("twin", "2", "Production")
    told = [server.raw(*asked) for asked in _questions(experiments[0], runs[0])]
    answers = [(answer.status_code, answer.json()) for answer in told]
    return Twins(_questions(experiments[1], runs[1]), answers, MLflowDouble(world))


def test_the_double_answers_as_the_server_does(served: Served) -> None:
    twins = served.twins
    for asked, (status, answer) in zip(twins.asked, twins.answers, strict=True):
        said = _ask(twins.double, *asked)
        assert said.status == status, asked
        if status == 200:
            assert _shape(json.loads(said.body)) == _shape(answer), asked
        else:
            assert json.loads(said.body)["error_code"] == answer["error_code"], asked


def _questions(experiment: str, runs: list[str]) -> list[tuple[str, str, dict[str, Any]]]:
    ids = f"attributes.run_id IN ('{runs[0]}', '{runs[3]}')"
    order = ["attributes.start_time ASC"]
    more = [
        _runs(experiment, order_by=order),
        _runs(experiment, order_by=["attributes.end_time ASC"], filter="attributes.end_time >= 1"),
        _runs(experiment, filter="attributes.status = 'RUNNING'"),
        _runs(experiment, filter=ids, run_view_type="ALL", order_by=order),
        _runs(experiment, filter=ids, run_view_type="DELETED_ONLY"),
        _runs(experiment, max_results=1, order_by=order),
    ]
    return [*QUESTIONS, *more]


def _ask(double: MLflowDouble, method: str, path: str, body: dict[str, Any]) -> Answer:
    params = {name: str(value) for name, value in body.items()} if method == "GET" else {}
    asked = Asked(method, f"/api/2.0/mlflow/{path}", params, {}, json.dumps(body).encode())
    said = double(asked)
    assert isinstance(said, Answer)
    return said


_OWN = {"artifact_location", "artifact_uri", "source", "run_id", "run_uuid", "user_id", "message"}
_LATER = {"workspace", "sqlstate", "error_class", "outputs", "artifact_path", "storage_location"}
"""Fields that one server has and another has not, and that nobody here reads."""


def _shape(told: Any, name: str = "") -> Any:
    """An answer without what differs from server to server: times, ids and places."""
    if isinstance(told, dict):
        kept = {key: _shape(value, key) for key, value in told.items() if key not in _LATER}
        return {key: value for key, value in kept.items() if value not in ({}, [])}
    if isinstance(told, list):
        inside = [_shape(item) for item in told]
        # Nobody relies on the order of stages and of experiments.
        return sorted(inside, key=repr) if name in _UNORDERED else inside
    if isinstance(told, float) and math.isnan(told):
        return "NaN"
    is_time = name.endswith(("_time", "timestamp"))
    return type(told).__name__ if is_time or name in _OWN else told


_UNORDERED = {"latest_versions", "experiments", "tags"}
