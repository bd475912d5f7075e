"""The `airflow` source against what a real Airflow 3.3.2 replied, and the double against the same.

The server capped pages at two items, whatever was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.connectors.airflow import what_happened
from tests.connectors.house import House
from tests.connectors.loopback import LoopbackServer
from tests.doubles.airflow import shapes
from tests.doubles.airflow.recorded import Exchange, Recorded, exchanges, read_twice

AT = datetime(2026, 3, 1, tzinfo=UTC)
RUN = shapes.run("daily", "a", AT)
TOLD_BY_THE_DOUBLE = {
    "dags": shapes.dag("daily", AT),
    "dag_runs": RUN,
    "task_instances": shapes.task(RUN, "load", 1),
    "assets": shapes.asset(1, "rates", AT),
    "import_errors": shapes.import_error(1, "a.py", "trace", AT),
}


@pytest.fixture
def recorded() -> Recorded:
    return Recorded(exchanges())


@pytest.fixture
def house(tmp_path: Path, recorded: Recorded) -> Iterator[House]:
    with LoopbackServer(recorded) as server, closing(read_twice(server.url, tmp_path)) as opened:
        yield opened


def replies(field: str) -> Iterator[Any]:
    """What lists were told in that field, a page each."""
    for exchange in exchanges():
        if field in exchange.reply:
            yield exchange.reply[field]


def test_runs_with_their_tries_backfills_and_assets_are_told(house: House) -> None:
    what_happened.runs_are_told(house)
    what_happened.tries_are_told(house)
    what_happened.pipelines_and_assets_are_told(house)


def test_each_question_is_asked_again_and_no_other(house: House, recorded: Recorded) -> None:
    assert recorded.unasked == set()
    assert [gap.reason for gap in house.gaps()] == ["unreadable"]


def test_a_capped_list_was_read_to_its_end_by_cursor() -> None:
    asked = [e.question for e in exchanges() if "order_by=id&limit=100&cursor=" in e.question]
    assert len(asked) == 8 / 2
    assert max(map(len, replies("dag_runs"))) == 2


def test_a_question_that_nobody_recorded_is_not_answered(tmp_path: Path) -> None:
    less = Recorded(e for e in exchanges() if "/assets" not in e.question)
    with LoopbackServer(less) as server, pytest.raises(AssertionError, match="nobody recorded"):
        read_twice(server.url, tmp_path)


@pytest.mark.parametrize("field", TOLD_BY_THE_DOUBLE)
def test_the_double_tells_what_the_real_one_told(field: str) -> None:
    told = [item for page in replies(field) for item in page]
    assert {frozenset(item) for item in told} == {frozenset(TOLD_BY_THE_DOUBLE[field])}


def test_the_double_describes_parameters_of_the_real_one() -> None:
    description = next(e for e in exchanges() if e.question == "GET /openapi.json").reply
    for path, names in shapes.PARAMETERS.items():
        known = {one["name"] for one in description["paths"][path]["get"]["parameters"]}
        assert known >= set(names), path


def test_a_reply_of_its_own_is_given_to_each_time_of_asking() -> None:
    first, second = (Exchange("GET /a", 200, "", number) for number in (1, 2))
    replying = Recorded([first, second])
    with LoopbackServer(replying) as server:
        told = [requests.get(f"{server.url}/a", timeout=5).json() for _ in range(3)]
    assert told == [1, 2, 2]
