"""What was seen of a version on each day that it served."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from data.configuration import Configuration, ModelSettings
from data.metrics.definition import definition
from data.metrics.engine import evaluate
from data.metrics.evidence import add_up
from data.metrics.scope import Scope
from data.model import Evaluation
from data.period import Window
from tests.data.facts.registry import CHURN, alias, gate, run, version
from tests.data.facts.story import Facts, Story
from tests.data.published import at

TWO = [CHURN, version(1), version(2), run(1), run(2)]
FIRST = alias(1, "2026-10-20")
BY = Configuration(model=(ModelSettings(name="churn", metric="auc", tolerance=0.01),))


def value(value: float, evaluated_at: str, **fields: Any) -> Evaluation:
    """A value of the metric that `churn` is to hold."""
    defaults: dict[str, Any] = {
        "id": f"test:value/{evaluated_at}/{value}/{fields.get('run')}",
        "source": "test",
        "run": None,
        "model": "churn",
        "version": None,
        "metric": "auc",
        "value": value,
        "dataset": None,
        "evaluated_at": at(evaluated_at),
    }
    return Evaluation(**{**defaults, **fields})


def trained(number: int, at_training: float, **fields: Any) -> Evaluation:
    """A value on the run of a version."""
    return value(at_training, "2026-04-01", run=f"test:run/{number}", model=None, **fields)


def held(facts: Facts, day: str) -> tuple[object, object]:
    """The measured value of a day, and whether it holds."""
    (row,) = facts.snapshot.rows(
        "select measured_value, is_held, performance_state from model_day "
        "where cast(local_at as date) = cast(? as date)",
        [day],
    )
    return row["measured_value"], row["is_held"]


def test_what_was_measured_of_a_predecessor_is_not_held_against_its_successor(
    story: Story,
) -> None:
    moved = alias(2, "2026-10-23", "2026-10-22")
    values = [trained(1, 0.7), trained(2, 0.9), value(0.7, "2026-10-21")]
    facts = story(TWO, FIRST, moved, values, by=BY)
    assert held(facts, "2026-10-22") == (0.7, True)
    assert held(facts, "2026-10-23") == (None, None)


def test_a_value_that_names_its_version_is_of_that_one_whenever_it_was_measured(
    story: Story,
) -> None:
    moved = alias(2, "2026-10-23", "2026-10-22")
    values = [trained(2, 0.9), value(0.9, "2026-10-21", version="2")]
    facts = story(TWO, FIRST, moved, values, by=BY)
    assert held(facts, "2026-10-24") == (0.9, True)


def test_of_two_values_of_a_day_the_newer_counts(story: Story) -> None:
    values = [
        trained(1, 0.9),
        value(0.9, "2026-10-21 01:00", version="1"),
        value(0.7, "2026-10-21 05:00"),
    ]
    assert held(story(TWO, FIRST, values, by=BY), "2026-10-21") == (0.7, False)


def test_a_value_is_set_against_training_on_the_same_kind_of_data(story: Story) -> None:
    values = [
        trained(1, 0.9, dataset="test@1a"),
        trained(1, 0.99, dataset="train@2b", id="train"),
        value(0.9, "2026-10-21", dataset="test@3c"),
    ]
    assert held(story(TWO, FIRST, values, by=BY), "2026-10-21") == (0.9, True)


def test_where_training_knows_several_kinds_of_data_and_none_fits_nobody_knows(
    story: Story,
) -> None:
    values = [
        trained(1, 0.9, dataset="test"),
        trained(1, 0.99, dataset="train", id="train"),
        value(0.9, "2026-10-21", dataset="live"),
    ]
    facts = story(TWO, FIRST, values, by=BY)
    assert held(facts, "2026-10-21") == (0.9, None)
    told = facts.snapshot.rows("select distinct performance_state from model_day order by 1")
    assert {"performance_state": "no value at training on such data"} in told


def test_one_kind_of_data_at_training_stands_for_all(story: Story) -> None:
    values = [trained(1, 0.9, dataset="test"), value(0.9, "2026-10-21", dataset="live")]
    assert held(story(TWO, FIRST, values, by=BY), "2026-10-21") == (0.9, True)


@pytest.mark.parametrize(("number", "is_monitored"), [("1", True), ("2", True), ("3", False)])
def test_a_check_of_a_version_that_served_for_a_part_of_the_day_is_of_that_day(
    story: Story, number: str, is_monitored: bool
) -> None:
    checked = gate(1, "fail", "2026-10-23 06:00", kind="drift", version=number, feature="age")
    facts = story(TWO, FIRST, alias(2, "2026-10-23 12:00", "2026-10-23"), checked)
    (row,) = facts.snapshot.rows(
        "select version, is_monitored from model_day where cast(local_at as date) = '2026-10-23'"
    )
    assert (row["version"], row["is_monitored"]) == ("2", is_monitored)


@pytest.mark.parametrize("zone", [None, "Pacific/Kiritimati", "Pacific/Auckland", "Etc/GMT+12"])
def test_a_day_is_the_same_day_in_every_time_zone(story: Story, zone: str | None) -> None:
    facts = story(TWO, alias(1, "2026-05-01"))
    metric, scope = definition("model_monitoring_coverage"), Scope(timezone=zone)
    may = Window(date(2026, 5, 1), date(2026, 6, 1))
    assert evaluate(facts.snapshot, metric, scope, may).figures[0].n == 31
    assert add_up(facts.snapshot, metric, scope, may).rows == 31
