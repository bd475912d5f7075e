"""Which models and versions served production, what is recorded of them, and how they were made."""

from __future__ import annotations

from typing import Any

import pytest

from data.configuration import Configuration, ModelSettings, Registry, Tier
from data.model import Evaluation, Model, ModelCard, Record
from tests.data.facts.registry import CHURN, alias, event, run, version
from tests.data.facts.story import Facts, Row, Story
from tests.data.published import at

TWO = [CHURN, version(1), version(2)]
READ = alias(1, "2026-03-01", id="test:alias/first")
REGIONS = Configuration(
    registry=(Registry(environments={"prod-eu": ("alias:eu",), "prod-us": ("alias:us",)}),),
    environments={Tier.PRODUCTION: ["prod-*"]},
)


def models(facts: Facts) -> list[Row]:
    return facts.snapshot.rows("select * from production_model order by began_at")


def versions(facts: Facts) -> list[Row]:
    return facts.snapshot.rows("select * from production_version order by began_at, id")


def card(name: str = "churn", **fields: Any) -> ModelCard:
    defaults: dict[str, Any] = {
        "id": f"files:card/{name}",
        "source": "files",
        "model": name,
        "version": None,
        "path": "README.md",
        "title": None,
        "owner": None,
        "risk_class": None,
        "licence": None,
        "datasets": (),
        "sections": (),
        "sha": None,
        "written_at": None,
    }
    return ModelCard(**{**defaults, **fields})


def test_a_model_whose_versions_follow_each_other_served_all_the_time(story: Story) -> None:
    (row,) = models(story(TWO, READ, alias(2, "2026-05-10", "2026-05-09")))
    assert (row["id"], row["version"], row["version_before"]) == ("test:churn", "2", "1")
    assert (row["began_after_at"], row["began_at"], row["ended_at"]) == (
        None,
        at("2026-03-01"),
        None,
    )


def test_a_time_without_any_version_ends_it_and_the_next_begins_another(story: Story) -> None:
    gone = alias(None, "2026-04-01", "2026-03-31")
    back = alias(2, "2026-05-10", "2026-05-09")
    first, second = models(story(TWO, READ, gone, back))
    assert (first["id"], first["version"], first["ended_at"]) == (
        "test:churn",
        "1",
        at("2026-04-01"),
    )
    assert (second["id"], second["began_after_at"]) == ("test:churn#2", at("2026-05-09"))
    assert (second["began_at"], second["ended_at"]) == (at("2026-05-10"), None)


def test_two_environments_of_production_are_one_time_in_production(story: Story) -> None:
    facts = story(
        TWO,
        event("alias", "eu", "2026-03-01", None, version=1),
        event("alias", "us", "2026-03-05", "2026-03-04", version=2),
        event("alias", "eu", "2026-04-01", "2026-03-31", version=None),
        by=REGIONS,
    )
    (row,) = models(facts)
    assert (row["environment"], row["ended_at"]) == ("prod-us", None)
    assert [(r["environment"], r["version"]) for r in versions(facts)] == [
        ("prod-eu", "1"),
        ("prod-us", "2"),
    ]


def test_what_serves_staging_alone_is_not_in_production(story: Story) -> None:
    facts = story(TWO, event("alias", "challenger", "2026-03-01", None, version=1))
    assert (models(facts), versions(facts)) == ([], [])


def test_a_version_that_comes_back_is_told_twice_and_the_model_says_when(story: Story) -> None:
    facts = story(
        TWO, READ, alias(2, "2026-03-10", "2026-03-09"), alias(1, "2026-03-12", "2026-03-11")
    )
    (row,) = models(facts)
    assert (row["version"], row["returned_at"]) == ("1", at("2026-03-12"))
    assert [r["id"] for r in versions(facts)] == [
        "test:churn@1/production",
        "test:churn@2/production",
        "test:churn@1/production#2",
    ]


@pytest.mark.parametrize(("gone", "is_kept"), [(None, True), (at("2026-06-01"), False)])
def test_whether_the_version_before_is_still_there(
    story: Story, gone: Any, *, is_kept: bool
) -> None:
    told = [CHURN, version(1, gone_before_at=gone), version(2)]
    (row,) = models(story(told, READ, alias(2, "2026-05-10", "2026-05-09")))
    assert row["is_before_kept"] is is_kept


def test_what_is_recorded_comes_from_registry_then_card_and_the_class_from_configuration(
    story: Story,
) -> None:
    bare = story(TWO, READ, card(owner="ada", risk_class="low"))
    (row,) = models(bare)
    assert (row["owner"], row["risk_class"], row["description"], row["has_card"]) == (
        "ada",
        "low",
        None,
        True,
    )
    told = _model(owner="bo", risk_class="medium", description="who leaves")
    by = Configuration(model=(ModelSettings(name="churn", risk_class="high"),))
    (row,) = models(story(told, version(1), READ, card(owner="ada", risk_class="low"), by=by))
    assert (row["owner"], row["risk_class"], row["description"]) == ("bo", "high", "who leaves")


def test_a_description_of_spaces_is_none(story: Story) -> None:
    (row,) = models(story(_model(description="  "), version(1), READ))
    assert row["description"] is None


def test_a_model_that_another_registry_knows_is_registered(story: Story) -> None:
    served = event("serving", "production", "2026-03-01", None, version=1, value="on")
    known = _model(id="catalogue:model/churn", source="catalogue", owner="bo")
    (row,) = models(story(known, served))
    assert (row["source"], row["is_registered"], row["owner"]) == ("test", True, "bo")
    (row,) = models(story(served))
    assert (row["is_registered"], row["owner"], row["has_card"]) == (False, None, False)


def test_how_a_version_was_made_is_told_and_what_is_not_told_stays_null(story: Story) -> None:
    (row,) = versions(story(CHURN, version(1), run(1, image="sha256:1a"), READ))
    assert (row["is_told"], row["is_run_known"], row["image"]) == (True, True, "sha256:1a")
    assert (row["training_began_at"], row["trained_at"]) == (at("2026-03-31"), at("2026-04-01"))
    assert (row["has_lineage"], row["has_commit"]) == (True, None), "no source knows the commit"
    (row,) = versions(story(CHURN, version(1), READ))
    assert (row["run"], row["is_run_known"], row["has_commit"]) == ("test:run/1", False, None)
    (row,) = versions(story(CHURN, version(1, run=None), READ))
    assert (row["has_commit"], row["lineage_lacks"]) == (False, "run")
    (row,) = versions(story(CHURN, READ))
    assert (row["is_told"], row["has_commit"], row["has_lineage"]) == (False, None, None)


@pytest.mark.parametrize(
    ("read", "measured_on", "is_held_out"),
    [
        (("train@a", "test@b"), "test@b", True),
        (("train@a",), "test@b", True),
        (("train@a",), "train@a", False),
        (("train@a", "test@a"), "test@a", False),
        (("train@a", "more@b", "test@a"), "test@a", False),
        (("train", "test@b"), "test@b", None),
        (("train@a", "test@b"), "test", None),
        (("train@a", "test@b"), None, None),
        ((), "test@b", None),
        (None, "test@b", None),
    ],
    ids=str,
)
def test_held_out_is_what_the_run_did_not_learn_from_as_far_as_it_is_told(
    story: Story, read: Any, measured_on: str | None, *, is_held_out: bool | None
) -> None:
    facts = story(CHURN, version(1), run(1, datasets=read), _value(dataset=measured_on))
    (row,) = facts.snapshot.rows("select * from version_evaluation")
    assert row["is_held_out"] is is_held_out


def test_a_value_of_a_run_counts_for_each_version_it_made(story: Story) -> None:
    facts = story(CHURN, version(1), version(2, run="test:run/1"), run(1), _value())
    rows = facts.snapshot.rows("select id, version from version_evaluation order by version")
    assert [row["version"] for row in rows] == ["1", "2"]
    assert len({row["id"] for row in rows}) == 2


def test_a_value_that_names_the_version_and_no_run_is_the_versions(story: Story) -> None:
    told = _value(run=None, model="churn", version="1", dataset="production")
    facts = story(CHURN, version(1), version(2), run(1), told)
    (row,) = facts.snapshot.rows("select * from version_evaluation")
    assert (row["version"], row["role"], row["is_held_out"]) == ("1", "production", None)


def _model(**fields: Any) -> Record:
    defaults: dict[str, Any] = {
        "id": "test:model/churn",
        "source": "test",
        "name": "churn",
        "description": None,
        "created_at": None,
    }
    return Model(**{**defaults, **fields})


def _value(**fields: Any) -> Evaluation:
    defaults: dict[str, Any] = {
        "id": "test:value/1",
        "source": "test",
        "run": "test:run/1",
        "model": None,
        "version": None,
        "metric": "auc",
        "value": 0.9,
        "dataset": "test@b",
        "evaluated_at": at("2026-04-01"),
    }
    return Evaluation(**{**defaults, **fields})
