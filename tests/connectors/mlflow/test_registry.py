"""What changed in a registry between two readings, and what is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.interface import Context
from data.model import Gap, GapReason, Model, ModelEvent, ModelVersion, Record
from tests.connectors.house import House, Kill, Killed
from tests.connectors.mlflow.test_conformance import MLflowBinding


class Registry(MLflowBinding):
    """A registry, read into one house."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        self.read_into = self.house()
        self.progress: list[tuple[str, int, int | None]] = []

    def context(self, clock_skew: timedelta = timedelta()) -> Context:
        told = super().context(clock_skew)
        return replace(told, progress=lambda *said: self.progress.append(said))

    def read(self, minutes: int = 60) -> None:
        """Reads all, some time after the last reading."""
        assert not self.sync(self.read_into).errors
        self.time.at += timedelta(minutes=minutes)

    def rows(self, kind: type[Record]) -> list[Any]:
        return [row for row in self.read_into.records().values() if isinstance(row, kind)]

    def events(self, kind: str) -> list[tuple[Any, ...]]:
        return [
            (event.model, event.version, event.name, event.value, event.previous)
            for event in self.rows(ModelEvent)
            if event.kind == kind
        ]

    def version(self, model: str, version: str) -> ModelVersion:
        (row,) = (
            row for row in self.rows(ModelVersion) if (row.model, row.version) == (model, version)
        )
        return row  # type: ignore[no-any-return]

    @property
    def gaps(self) -> list[Gap]:
        return self.read_into.gaps()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with ExitStack() as running:
        yield Registry(tmp_path, running)


def test_a_first_reading_knows_what_is_but_not_since_when(registry: Registry) -> None:
    registry.read()
    assert registry.events("alias") == [("churn", "1", "champion", None, None)]
    assert registry.events("stage") == [("fraud", "1", None, "Production", None)]
    assert registry.events("tag") == [("churn", "1", "approved_by", "review-board", None)]
    untimed = [event for event in registry.rows(ModelEvent) if event.kind != "created"]
    assert {event.occurred_after_at for event in untimed} == {None}
    assert len(registry.events("created")) == 3 + 4
    (churn,) = (model for model in registry.rows(Model) if model.name == "churn")
    assert (churn.owner, churn.risk_class) == ("growth", "high")


def test_a_rollback_is_three_events_and_a_reading_that_finds_nothing_narrows_the_next(
    registry: Registry,
) -> None:
    registry.read()
    start = registry.time.at
    registry.read()
    for version in ("2", "1"):
        registry.world.alias("churn", "champion", version)
        registry.read()
    assert sorted(registry.events("alias"), key=str) == [
        ("churn", "1", "champion", None, "2"),
        ("churn", "1", "champion", None, None),
        ("churn", "2", "champion", None, "1"),
    ]
    (moved,) = (event for event in registry.rows(ModelEvent) if event.previous == "1")
    hour = timedelta(hours=1)
    assert (moved.occurred_after_at, moved.occurred_before_at) == (start, start + hour)


@pytest.mark.parametrize("has_news", [False, True])
@pytest.mark.parametrize("question", [1, 4])
def test_what_changes_while_it_is_read_lies_within_the_bounds_of_that_reading(
    registry: Registry, question: int, has_news: bool
) -> None:
    """The first question is before the page that shows it, the fourth after all of them."""
    registry.read()
    if has_news:
        registry.world.tag("churn", "2", "approved_by", "review-board")
    asked: list[datetime] = []

    def between(path: str) -> None:
        registry.time.at += timedelta(minutes=1)
        asked.append(registry.time.at)
        if len(asked) == question:
            registry.world.alias("churn", "champion", "2")

    registry.double.between = between
    registry.read()
    registry.double.between = lambda path: None
    registry.read()
    (moved,) = (event for event in registry.rows(ModelEvent) if event.previous == "1")
    happened_at = asked[question - 1]
    assert moved.occurred_after_at is not None
    assert moved.occurred_after_at <= happened_at <= moved.occurred_before_at


def test_what_is_deleted_stays_with_the_times_it_went_between(registry: Registry) -> None:
    registry.read()
    registry.world.delete_version("churn", "2")
    registry.world.delete_model("fraud")
    before = registry.time.at
    registry.read()
    gone = registry.version("churn", "2")
    hour = timedelta(hours=1)
    assert (gone.gone_after_at, gone.gone_before_at) == (before - hour, before)
    assert registry.version("churn", "1").gone_before_at is None
    deleted = sorted(registry.events("deleted"), key=str)
    assert [(model, version) for model, version, *_ in deleted] == [
        ("churn", "2"),
        ("fraud", "1"),
        ("fraud", None),
    ]
    assert ("fraud", "1", None, None, "Production") in registry.events("stage")


@pytest.mark.parametrize("page", range(2))
def test_a_sync_that_is_killed_in_the_middle_of_changes_tells_them_with_the_same_bounds(
    registry: Registry, page: int
) -> None:
    registry.read()
    registry.world.delete_model("fraud")
    registry.world.alias("churn", "champion", "2")
    registry.world.tag("churn", "2", "approved_by", "review-board")
    calm = registry.house(like=registry.read_into)
    registry.sync(calm)
    with pytest.raises(Killed):
        registry.sync(registry.read_into, Kill(page, is_committed=page % 2 == 0))
    if page:
        # What a page of the changes told binds the rest, however much later it is told.
        registry.time.at += timedelta(hours=5)
    registry.read()
    expected = {key: row for key, row in calm.records().items() if key[0] == "model_event"}
    told = {key: row for key, row in registry.read_into.records().items() if key in expected}
    assert told == expected


def test_a_version_that_a_shifting_list_skips_is_not_deleted(registry: Registry) -> None:
    registry.read()
    done: list[str] = []

    def between(path: str) -> None:
        done.append(path)
        if done.count("model-versions/search") == 2 and path == "model-versions/search":
            registry.world.delete_version("churn", "1")

    registry.double.between = between
    registry.read()
    assert registry.events("deleted") == []
    assert registry.version("fraud", "1").gone_before_at is None
    registry.double.between = lambda path: None
    registry.read()
    assert [event[:2] for event in registry.events("deleted")] == [("churn", "1")]


def test_what_is_added_while_pages_are_read_is_told_once_and_nothing_else_is_lost(
    registry: Registry,
) -> None:
    registry.read()
    asked: list[str] = []

    def between(path: str) -> None:
        asked.append(path)
        if path in ("registered-models/search", "model-versions/search") and len(asked) < 5:
            registry.world.model(f"a new one {len(asked)}")
            registry.world.version(f"a new one {len(asked)}")
            registry.world.version("churn")

    registry.double.between = between
    registry.read()
    assert len(asked) > 4
    registry.double.between = lambda path: None
    registry.read()
    assert registry.events("deleted") == []
    held = {(version.model, version.version) for version in registry.rows(ModelVersion)}
    assert held == registry.world.versions.keys()
    assert {model.name for model in registry.rows(Model)} == registry.world.models.keys()
    assert len(registry.events("created")) == len(registry.world.versions | registry.world.models)


@pytest.mark.parametrize("path", ["registered-models/search", "model-versions/search"])
@pytest.mark.parametrize("status", [403, 500])
def test_a_reading_that_breaks_off_deletes_nothing(
    registry: Registry, path: str, status: int
) -> None:
    registry.read()
    registry.world.delete_model("fraud")
    registry.double.refused = {path: (status, 2)}
    assert registry.sync(registry.read_into).errors or registry.gaps
    assert registry.events("deleted") == []
    assert registry.version("fraud", "1").gone_before_at is None
    registry.double.refused = {}
    registry.read()
    assert sorted(registry.events("deleted"), key=str) == [
        ("fraud", "1", None, None, None),
        ("fraud", None, None, None, None),
    ]


def test_a_version_that_a_late_clock_puts_before_others_costs_no_second_reading(
    registry: Registry,
) -> None:
    registry.read()
    asked = registry.double.asked

    def between(path: str) -> None:
        if path == "model-versions/search" and asked.count(path) == 2:
            registry.world.version("churn")
            registry.world.versions["churn", "3"]["creation_timestamp"] = 1_000
            registry.world.tag("churn", "3", "gate", "open")

    asked.clear()
    registry.double.between = between
    began = registry.time.at
    registry.read()
    assert asked.count("model-versions/search") == 3
    registry.double.between = lambda path: None
    registry.read()
    keys = [(version.model, version.version) for version in registry.rows(ModelVersion)]
    assert len(keys) == len(set(keys)) == 4 + 1
    (tagged,) = (event for event in registry.rows(ModelEvent) if event.name == "gate")
    assert tagged.occurred_after_at is not None
    assert tagged.occurred_after_at <= began < tagged.occurred_before_at
    assert registry.events("deleted") == []


def test_what_a_shifting_list_kept_back_is_told_with_a_time_since_it_was_made(
    registry: Registry,
) -> None:
    registry.read()
    made_after = registry.world.at
    registry.world.version("churn")
    registry.world.tag("churn", "3", "gate", "open")
    registry.world.stage("churn", "3", "Staging")
    asked = registry.double.asked

    def between(path: str) -> None:
        if path == "model-versions/search" and asked.count(path) == 3:
            registry.world.delete_version("churn", "2")

    asked.clear()
    registry.double.between = between
    registry.read()
    assert ("churn", "3") not in {(v.model, v.version) for v in registry.rows(ModelVersion)}
    registry.double.between = lambda path: None
    registry.read()
    told = [e for e in registry.rows(ModelEvent) if e.version == "3" and e.kind != "created"]
    assert {event.kind for event in told} == {"stage", "tag"}
    made_at = registry.version("churn", "3").created_at
    assert made_at is not None
    assert made_at > made_after
    assert {event.occurred_after_at for event in told} == {made_at}


def test_whoever_waits_is_told_how_much_is_read_and_told(registry: Registry) -> None:
    registry.progress.clear()
    registry.read()
    changes = [(done, total) for what, done, total in registry.progress if what == "ml: changes"]
    assert changes == [(2, 7), (4, 7), (6, 7), (7, 7)]
    assert [done for what, done, _ in registry.progress if what == "ml: versions"] == [2, 4]
    registry.world.delete_model("fraud")
    registry.world.delete_version("churn", "2")
    registry.progress.clear()
    registry.read()
    assert [done for what, done, _ in registry.progress if what == "ml: asked by name"] == [0, 1]


def test_a_model_that_may_no_longer_be_read_is_not_deleted(registry: Registry) -> None:
    registry.read()
    before = registry.rows(ModelEvent)
    registry.double.forbidden.add("fraud")
    registry.read()
    assert registry.rows(ModelEvent) == before
    (gap,) = registry.gaps
    assert (gap.reason, gap.count) == (GapReason.NO_PERMISSION, 1)


def _lose_the_file(registry: Registry) -> None:
    for path in (registry.folder / "mirrors").rglob("registry-*"):
        path.unlink()


def _damage_the_file(registry: Registry) -> None:
    for path in (registry.folder / "mirrors").rglob("registry-*.z"):
        path.write_bytes(b"not what it was")


@pytest.mark.parametrize("lose", [_lose_the_file, _damage_the_file])
def test_a_lost_state_is_a_gap_and_what_is_is_told_again_without_a_claim_since_when(
    registry: Registry, lose: Callable[[Registry], None]
) -> None:
    registry.read()
    known, last = registry.events("alias"), registry.time.at - timedelta(hours=1)
    lose(registry)
    registry.world.alias("churn", "champion", "2")
    registry.read()
    (new,) = set(registry.events("alias")) - set(known)
    assert new == ("churn", "2", "champion", None, None)
    events = [event for event in registry.rows(ModelEvent) if event.version == "2"]
    assert {e.occurred_after_at for e in events if e.kind == "alias"} == {None}
    (gap,) = registry.gaps
    assert (gap.since_at, gap.until_at) == (last, last + timedelta(hours=1))
    registry.read()
    assert registry.gaps == [gap]


def test_prompts_are_no_models(registry: Registry) -> None:
    registry.world.model("greeting", **{"mlflow.prompt.is_prompt": "true"})
    registry.world.version("greeting")
    registry.read()
    assert {model.name for model in registry.rows(Model)} == {"churn", "fraud", "plain"}
    assert {version.model for version in registry.rows(ModelVersion)} == {"churn", "fraud", "plain"}


@pytest.mark.parametrize("name", ["a/b", "a%2Fb", "🦦 otter", "n" * 300, "with:colon", "a'b\"c"])
def test_strange_names_are_names(registry: Registry, name: str) -> None:
    registry.world.model(name)
    registry.world.version(name)
    registry.world.alias(name, "champion", "1")
    registry.read()
    assert registry.version(name, "1").id.startswith("mlflow:ml#version/")
    assert (name, "1", "champion", None, None) in registry.events("alias")


def test_a_slash_in_a_name_is_no_other_model(registry: Registry) -> None:
    for name in ("a/b", "a%2Fb"):
        registry.world.model(name)
        registry.world.version(name)
    registry.read()
    ids = [version.id for version in registry.rows(ModelVersion)]
    assert len(set(ids)) == len(ids) == 4 + 2


def test_gitlab_tells_the_newest_versions_and_the_rest_is_a_gap(registry: Registry) -> None:
    registry.double.is_gitlab = True
    server = f"{registry.server.url}/api/v4/projects/12/ml/mlflow"
    settings = registry.connector_class.Settings(url=server, token="file:token.txt")
    answer = registry.double.__call__

    def below(asked: Any) -> Any:
        path = asked.path.replace("/api/v4/projects/12/ml/mlflow", "")
        return answer(type(asked)(asked.method, path, asked.params, asked.headers, asked.body))

    registry.server._answer = below
    house = House(registry.folder / "gitlab")
    connector = registry.connector_class("ml", settings, registry.context())
    assert not house.sync(connector, registry.context()).errors
    rows = house.records().values()
    versions = {(v.model, v.version) for v in rows if isinstance(v, ModelVersion)}
    assert versions == {("churn", "2"), ("fraud", "1"), ("plain", "1")}
    assert "mlflow:ml#gap/registry/subset" in {gap.id for gap in house.gaps()}
    house.close()
