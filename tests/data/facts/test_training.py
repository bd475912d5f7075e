"""What became of training runs."""

from __future__ import annotations

from datetime import date

import pytest

from data.metrics.definition import definition
from data.metrics.engine import evaluate, left_out
from data.metrics.scope import Scope
from data.period import Window
from tests.data.facts.registry import CHURN, alias, event, run, version
from tests.data.facts.story import Facts, Row, Story

FIRST = alias(1, "2026-05-01")
MOVED = alias(2, "2026-05-10", "2026-05-09")


def outcomes(facts: Facts) -> dict[str, Row]:
    """Each run by its name."""
    rows = facts.snapshot.rows("select * from training_outcome")
    return {row["title"].removeprefix("churn "): row for row in rows}


def test_a_run_reached_production_if_its_version_served_within_thirty_days(story: Story) -> None:
    facts = story(
        [CHURN, version(1), version(2), version(3), FIRST, MOVED],
        alias(3, "2026-06-30", "2026-06-29"),
        [run(2, "2026-05-08"), run(3, "2026-05-08"), run(4, "2026-05-08", result="failure")],
    )
    told = {name: row["is_promoted"] for name, row in outcomes(facts).items()}
    assert told == {"run 2": True, "run 3": False, "run 4": False}


def test_what_served_before_the_registry_was_first_read_is_unknown(story: Story) -> None:
    early = [run(2, "2026-02-01"), run(9, "2026-02-01"), run(1, "2026-04-20")]
    facts = story([CHURN, version(1), version(2), FIRST], early)
    told = {name: row["is_promoted"] for name, row in outcomes(facts).items()}
    assert told == {"run 2": None, "run 9": False, "run 1": True}


def test_what_served_no_more_when_the_registry_was_first_read_is_unknown(story: Story) -> None:
    late = alias(3, "2026-06-30", "2026-06-29")
    other = alias(1, "2026-05-01", model="fraud", id="test:fraud/1")
    created = event("created", None, "2026-01-01", "2026-01-01", version=2)
    early = [run(2, "2026-04-30"), run(3, "2026-05-02")]
    facts = story([CHURN, version(2), version(3), late, other, created], early)
    told = {name: row["is_promoted"] for name, row in outcomes(facts).items()}
    assert told == {"run 2": None, "run 3": False}


def test_runs_without_a_registry_are_unknown(story: Story) -> None:
    assert outcomes(story(run(2)))["run 2"]["is_promoted"] is None


@pytest.mark.parametrize(
    ("fields", "finished_at", "excluded"),
    [
        ({"result": "running"}, None, "not ended"),
        ({"result": "cancelled"}, "2026-05-01", "not judged"),
        ({}, "2026-10-03", "not thirty days old"),
        ({}, "2026-10-02", None),
    ],
)
def test_a_run_that_does_not_count_says_why(
    story: Story, fields: dict[str, str], finished_at: str | None, excluded: str | None
) -> None:
    facts = story([CHURN, version(1), FIRST], run(5, finished_at, **fields))
    assert outcomes(facts)["run 5"]["excluded"] == excluded


def test_a_run_belongs_to_the_model_that_its_experiment_makes(story: Story) -> None:
    other = run(7, experiment="sandbox", name="run 7")
    facts = story([CHURN, version(1), FIRST], [run(1), run(5), other])
    rows = facts.snapshot.rows("select experiment, model from training_outcome order by id")
    assert [row["model"] for row in rows] == ["churn", "churn", "(not told)"]
    owned = facts.snapshot.rows("select model, team from owned_model order by model")
    assert owned == [
        {"model": "(not told)", "team": "unowned"},
        {"model": "churn", "team": "unowned"},
    ]


def test_every_run_is_counted_or_left_out_for_a_reason(story: Story) -> None:
    facts = story(
        [CHURN, version(1), version(2), FIRST, MOVED],
        [run(1), run(2, "2026-05-08"), run(3, "2026-05-08", result="failure")],
        [run(4, "2026-05-09", result="cancelled"), run(5, None, result="running")],
    )
    metric = definition("experiment_efficiency")
    may = Window(date(2026, 5, 1), date(2026, 6, 1))
    figure = evaluate(facts.snapshot, metric, Scope(), may).figures[0]
    assert (figure.value, figure.parts["failed"], figure.n) == (0.5, 0.5, 2)
    assert left_out(facts.snapshot, metric, Scope(), may) == {"not judged": 1}
    march = Window(date(2026, 3, 1), date(2026, 4, 1))
    assert left_out(facts.snapshot, metric, Scope(), march) == {"not ended": 1}
