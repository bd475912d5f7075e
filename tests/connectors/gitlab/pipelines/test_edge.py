from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.gitlab.pipelines.edge import Edge, Walk

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)


def run(number: int, minutes: float, status: str = "SUCCESS") -> Any:
    at = NOON + timedelta(minutes=minutes)
    return {
        "id": f"gid://gitlab/Ci::Pipeline/{number}",
        "updatedAt": at.isoformat(),
        "status": status,
    }


def test_what_changed_before_the_edge_is_known_and_what_changed_after_is_not() -> None:
    edge = Edge().with_all([run(1, 0), run(2, 5)])
    assert edge.has(run(9, 4))
    assert edge.has(run(2, 5))
    assert not edge.has(run(3, 5))
    assert not edge.has(run(2, 5, "FAILED"))
    assert not edge.has(run(1, 6))


def test_more_of_the_same_second_join_the_edge() -> None:
    edge = Edge().with_all([run(1, 5)]).with_all([run(2, 5), run(3, 4)])
    assert edge.has(run(1, 5))
    assert edge.has(run(2, 5))
    assert not edge.with_all([run(4, 6)]).has(run(2, 7))


def test_a_walk_makes_known_all_it_saw_if_that_is_older_than_the_walk() -> None:
    walk = Walk.begun(Edge(), [run(1, 0)], NOON + timedelta(hours=1)).with_all([run(2, 30)])
    assert walk.known == Edge().with_all([run(2, 30)])


def test_of_what_changed_during_a_walk_only_its_first_page_is_sure() -> None:
    walk = Walk.begun(Edge(), [run(1, 0)], NOON + timedelta(minutes=10)).with_all([run(2, 30)])
    assert walk.known == Edge().with_all([run(1, 0)])


def test_a_walk_is_told_and_goes_on() -> None:
    walk = Walk.begun(Edge(), [run(1, 0)], NOON).with_all([run(2, 1)])
    assert Walk.of(asdict(walk)) == walk


def test_a_pipeline_that_tells_no_time_is_told_once() -> None:
    assert Edge().has({"id": "1", "updatedAt": None, "status": "SUCCESS"})
