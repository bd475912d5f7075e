"""How a server is read again and again, and what is lost if that is done too late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.interface import Severity
from connectors.sync import SourceResult
from data.model import Alert, Gap, Indicator
from tests.connectors.house import House
from tests.connectors.loopback import Asked
from tests.connectors.prometheus.shop import PrometheusBinding

_USE = "utilisation:memory"


class Shop:
    """The shop, and a house that reads it."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.source = PrometheusBinding(folder, running)
        self.house: House = self.source.house()
        self.sync()

    def sync(self) -> SourceResult:
        result = self.source.sync(self.house)
        assert not result.errors
        return result

    def alert(self, name: str) -> Alert:
        rows = self.house.of_stream("alerts").values()
        (found,) = (row for row in rows if isinstance(row, Alert) and row.name == name)
        return found

    @property
    def days(self) -> list[Indicator]:
        rows = self.house.of_stream(_USE).values()
        return sorted((r for r in rows if isinstance(r, Indicator)), key=lambda r: r.from_at)

    def gap(self, words: str) -> Gap:
        (found,) = (gap for gap in self.house.gaps() if words in gap.what)
        return found


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with ExitStack() as running:
        yield Shop(tmp_path, running)


def test_what_fires_while_it_is_read_is_told_as_firing_and_later_with_its_end(shop: Shop) -> None:
    shop.source.double.current[0]["annotations"] = {"summary": "12 errors"}
    shop.source.pass_time(0.5)
    shop.sync()
    assert shop.alert("Three").resolved_at is None
    assert shop.alert("Three").summary == "12 errors"
    shop.source.pass_time(1, ends="Three")
    shop.sync()
    three = shop.alert("Three")
    assert three.summary == "12 errors"
    assert three.firing_until_at is not None
    assert three.resolved_at == three.firing_until_at + timedelta(seconds=1800)


def test_a_stretch_in_which_nothing_fired_is_no_page_before_a_day_is_over(shop: Shop) -> None:
    shop.source.told = {"objective": [], "utilisation": []}
    shop.source.pass_time(1, ends="Three")
    shop.sync()
    shop.source.pass_time(5)
    assert shop.sync().pages == 0
    shop.source.pass_time(24)
    assert shop.sync().pages == 1


def test_an_alert_that_began_and_ended_unread_is_told(shop: Shop) -> None:
    shop.source.pass_time(2, begins="Short")
    shop.source.pass_time(10, ends="Short")
    shop.sync()
    assert shop.alert("Short").resolved_at is not None


def test_the_present_day_is_told_again_until_it_is_over(shop: Shop) -> None:
    *_, yesterday, today = shop.days
    assert (yesterday.known_seconds, today.known_seconds) == (86_400, 12 * 3600 - 3600)
    assert today.until_at == today.from_at + timedelta(hours=11)
    shop.source.pass_time(15)
    shop.sync()
    *_, finished, _ = shop.days
    assert finished.id == today.id
    assert (finished.known_seconds, finished.value) == (86_400, 0.5)
    assert finished.until_at == finished.from_at + timedelta(days=1)


def test_what_the_server_forgot_before_it_was_read_is_a_gap(shop: Shop) -> None:
    read_until = shop.house.cursors["alerts"]["until"]
    shop.source.pass_time(96)
    shop.sync()
    gap = shop.gap("what alerts told")
    assert gap.since_at is not None
    assert gap.since_at.timestamp() == read_until
    assert gap.until_at is not None
    assert gap.until_at > gap.since_at
    assert shop.gap(f"what {_USE} told").reason == "truncated"


def test_it_is_known_when_the_server_begins_to_forget(shop: Shop) -> None:
    connector = shop.source.connector()
    for stream, cursor in shop.house.cursors.items():
        closes_at = connector.closes_at(stream, cursor)
        assert closes_at is not None
        assert closes_at - shop.source.time.at == pytest.approx(
            timedelta(days=30), abs=timedelta(hours=2)
        )


def test_a_part_that_the_server_warns_of_is_a_gap(shop: Shop) -> None:
    def warned(asked: Asked, told: Any) -> Any:
        return {**told, "warnings": ["store b did not answer"]} if _is_range(asked) else told

    shop.source.double.damage = warned
    shop.source.change()
    shop.sync()
    told = [gap for gap in shop.house.gaps() if "store b did not answer" in gap.what]
    assert len({gap.id for gap in told}) == len(told) == 3


def test_an_answer_that_is_no_vector_is_an_error_of_its_stream_alone(shop: Shop) -> None:
    def scalar(asked: Asked, told: Any) -> Any:
        is_use = "memory_use" in asked.params.get("query", "")
        return {"status": "success", "data": {"result": [1, "1"]}} if is_use else told

    shop.source.double.damage = scalar
    shop.source.change()
    result = shop.source.sync(shop.house)
    assert [type(error).__name__ for error in result.errors] == ["PageRefused"]
    assert shop.alert("Four").resolved_at is None


def _is_range(asked: Asked) -> bool:
    return asked.path.endswith("query_range")


def test_doctor_does_without_a_version_that_a_proxy_keeps_to_itself(shop: Shop) -> None:
    shop.source.double.refuses = lambda asked: 403 if asked.path.endswith("buildinfo") else None
    version, *streams = shop.source.connector().check()
    assert version.what == "does not tell its version"
    assert len(streams) == 3
    assert {finding.severity for finding in [version, *streams]} == {Severity.OK}


def test_doctor_names_the_path_that_is_refused(shop: Shop) -> None:
    shop.source.double.refuses = lambda asked: 403 if asked.path.endswith("rules") else None
    _, alerts, *others = shop.source.connector().check()
    assert alerts.severity is Severity.WARNING
    assert "/api/v1/rules" in alerts.fix
    assert {finding.severity for finding in others} == {Severity.OK}


def test_a_wrong_token_is_an_error_of_the_whole_source(shop: Shop) -> None:
    shop.source.double.token = "another"
    (finding,) = shop.source.connector().check()
    assert finding.severity is Severity.ERROR
