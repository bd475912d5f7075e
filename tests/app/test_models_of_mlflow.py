"""From a real MLflow server to the page: what is done to a model is on its timeline, and no more.

The server keeps no history. So each promotion lies between two readings, and the timeline has to
say between which.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.inventory.models import models, stretches
from data.metrics.scope import Scope
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.app.cli.running import run
from tests.app.conftest import OpenPage
from tests.servers.mlflow import MLflowServer, running

CONFIGURATION = """\
[organisation]
name = "Harbour"

[[team]]
name = "growth"
owns = ["model:*"]

[[source]]
name = "registry"
kind = "mlflow"
url = "{url}"
"""
FRAUD, CHURN, CLOSED = "fraud 😀 v2.0", "churn", "closed"
CONTRARY = "which?" + "n" * 294
"""Its alias and its stage name different versions."""


@dataclass(frozen=True)
class Act:
    """Something that was done to the server, by the clock of the test."""

    began_at: datetime
    ended_at: datetime


@dataclass
class Story:
    """What was done and when it was read."""

    server: MLflowServer
    folder: Path
    acts: dict[str, Act] = field(default_factory=dict)
    reads: list[Act] = field(default_factory=list)
    read_by: dict[str, int] = field(default_factory=dict)
    """Which reading was the first after an act."""

    def do(self, **acts: Any) -> None:
        """Does something, each by its name, and reads it."""
        for name, act in acts.items():
            began_at = datetime.now(UTC)
            act()
            self.acts[name] = Act(began_at, datetime.now(UTC))
            self.read_by[name] = len(self.reads)
        self.sync()

    def sync(self) -> None:
        """Reads the server and publishes what it says."""
        began_at = datetime.now(UTC)
        result = run(self.folder, "sync")
        assert result.exit_code == 0, result.output
        self.reads.append(Act(began_at, datetime.now(UTC)))

    def lies_within_stated_bounds(self, act: str, after: datetime, before: datetime) -> bool:
        """Whether the bounds hold the act, and are those of the two readings around it."""
        done, number = self.acts[act], self.read_by[act]
        holds = after <= done.began_at and done.ended_at <= before
        is_tight = (
            self.reads[number - 1].began_at <= after and before <= self.reads[number].ended_at
        )
        return holds and is_tight


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Three models: one is promoted and rolled back, one loses its version, one is removed."""
    folder = tmp_path_factory.mktemp("harbour")
    with running(tmp_path_factory.mktemp("mlflow")) as server:
        (folder / "cairn.toml").write_text(CONFIGURATION.format(url=server.url), encoding="utf-8")
        told = Story(server, folder)
        server.model("older")
        told.sync()
        for name in (FRAUD, CHURN, CLOSED):
            server.model(name)
            server.version(name)
        server.version(FRAUD)
        told.do(
            fraud_1=lambda: server.alias(FRAUD, "champion", "1"),
            churn_1=lambda: server.alias(CHURN, "champion", "1"),
            closed_1=lambda: server.alias(CLOSED, "champion", "1"),
        )
        server.model(CONTRARY)
        for _ in range(2):
            server.version(CONTRARY)
        server.alias(CONTRARY, "champion", "1")
        server.stage(CONTRARY, "2", "Production")
        told.do(fraud_2=lambda: server.alias(FRAUD, "champion", "2"))
        told.do(fraud_back=lambda: server.alias(FRAUD, "champion", "1"))
        told.do(
            fraud_2_deleted=lambda: server.delete_version(FRAUD, "2"),
            churn_1_deleted=lambda: server.delete_version(CHURN, "1"),
            closed_deleted=lambda: server.delete_model(CLOSED),
        )
        told.sync()
        yield told


@pytest.fixture
def snapshot(story: Story) -> Iterator[Snapshot]:
    reader = SnapshotReader(Workspace(story.folder))
    with closing(reader), reader.reading() as opened:
        yield opened


def served(snapshot: Snapshot, model: str) -> list[dict[str, Any]]:
    """What its timeline is drawn from."""
    rows: list[dict[str, Any]] = stretches(snapshot, model).to_pylist()
    return rows


def test_a_promotion_and_its_rollback_are_told_once_each_within_their_bounds(
    story: Story, snapshot: Snapshot
) -> None:
    rows = served(snapshot, FRAUD)
    said = [(row["version"], row["version_before"], row["is_rollback"]) for row in rows]
    assert said == [("1", None, False), ("2", "1", False), ("1", "2", True)]
    for act, row in zip(("fraud_1", "fraud_2", "fraud_back"), rows, strict=True):
        assert story.lies_within_stated_bounds(act, row["began_after_at"], row["began_at"])
    assert [row["ended_at"] for row in rows] == [rows[1]["began_at"], rows[2]["began_at"], None]
    assert {row["environment"] for row in rows} == {"production"}
    assert not any(row["is_baseline"] for row in rows)


@pytest.mark.parametrize(
    ("model", "begun", "deleted"),
    [(CHURN, "churn_1", "churn_1_deleted"), (CLOSED, "closed_1", "closed_deleted")],
)
def test_what_is_deleted_serves_no_more_from_within_its_bounds(
    story: Story, snapshot: Snapshot, model: str, begun: str, deleted: str
) -> None:
    (row,) = served(snapshot, model)
    assert story.lies_within_stated_bounds(begun, row["began_after_at"], row["began_at"])
    number = story.read_by[deleted]
    assert story.acts[deleted].ended_at <= row["ended_at"] <= story.reads[number].ended_at


def test_the_inventory_says_what_serves_and_what_is_gone(snapshot: Snapshot) -> None:
    rows = models(snapshot, Scope()).to_pylist()
    assert {row["model"]: (row["version"], row["is_gone"]) for row in rows} == {
        "older": (None, False),
        FRAUD: ("1", False),
        CHURN: (None, False),
        CLOSED: (None, True),
        CONTRARY: ("1", False),
    }
    assert {row["model"]: row["version_count"] for row in rows}[FRAUD] == 1


def test_where_alias_and_stage_contradict_the_alias_serves_and_it_is_said(
    open_page: OpenPage, story: Story, snapshot: Snapshot
) -> None:
    rows = models(snapshot, Scope()).to_pylist()
    assert [row["model"] for row in rows if row["is_contrary"]] == [CONTRARY]
    page = open_page(story.folder)
    page.switch_page("views/team/models.py").run()
    assert not page.exception, page.exception[0].message
    (table,) = (frame.value for frame in page.dataframe if "Stage and alias" in frame.value.columns)
    said = table.set_index("Model")["Stage and alias"].dropna().to_dict()
    assert said == {CONTRARY: "contradict"}


def test_the_page_shows_just_that(open_page: OpenPage, story: Story) -> None:
    page = open_page(story.folder)
    page.query_params["model"] = FRAUD
    page.switch_page("views/team/models.py").run()
    assert not page.exception, page.exception[0].message
    (table,) = (
        frame.value for frame in page.dataframe if "not before (UTC)" in frame.value.columns
    )
    assert table["version"].tolist() == ["1", "2", "1"]  # the newest first
    assert table["what"].tolist()[0] == "rollback"
    assert table["until (UTC)"].isna().tolist() == [True, False, False]
    captions = " ".join(caption.value for caption in page.caption)
    assert "3 stretches, 1 rollback," in captions
    assert "serving now: 1 in production" in captions
