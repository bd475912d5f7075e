"""The list of pipelines: what it takes for the newest run."""

from __future__ import annotations

from datetime import date

from data.inventory.pipelines import pipelines
from data.metrics.scope import Scope
from data.period import Window
from tests.data.facts.operations import run
from tests.data.facts.story import Story
from tests.data.published import repository

MAY = Window(date(2026, 5, 1), date(2026, 6, 1))


def test_a_run_that_is_left_out_of_every_share_is_not_the_newest(story: Story) -> None:
    of_ci = {"repository": "web", "pipeline": "CI", "kind": "delivery"}
    facts = story(
        repository("web"),
        run(1, "2026-05-01", branch="main", **of_ci),
        run(2, "2026-05-02", "failure", branch="topic", event="pull_request", **of_ci),
        run(3, "2026-05-03", "running", branch="main", **of_ci),
    )
    (row,) = pipelines(facts.snapshot, Scope(), MAY).to_pylist()
    assert (row["last_result"], row["last_at"].day) == ("success", 1)
