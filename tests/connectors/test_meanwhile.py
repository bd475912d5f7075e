"""What is read so far is published while a long sync goes on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.meanwhile import Meanwhile
from data.errors import CairnError
from data.store.working import Working
from tests.data.published import change
from tests.data.store.rows import page


@dataclass
class Seconds:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


class Publishing:
    """A sync whose pages come when a test says so."""

    def __init__(self, folder: Path) -> None:
        self.working = Working(folder / "working.duckdb")
        self.seconds = Seconds()
        self.published: list[float] = []
        self.takes_seconds = 0.0
        self.refusal: CairnError | None = None
        self.meanwhile = Meanwhile(self._publish, self.working, self.seconds)

    def _publish(self) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.published.append(self.seconds.at)
        self.seconds.at += self.takes_seconds

    def read_a_page(self, at: float) -> None:
        self.seconds.at = at
        self.working.merge_records(page(number := int(at)), [change(number, "2026-05-01")])
        self.meanwhile.look()


@pytest.fixture
def publishing(tmp_path: Path) -> Publishing:
    return Publishing(tmp_path)


def test_the_first_figures_stand_within_a_minute(publishing: Publishing) -> None:
    for second in range(1, 61):
        publishing.read_a_page(second)
    assert publishing.published == [45]


def test_then_it_publishes_every_other_minute(publishing: Publishing) -> None:
    for second in range(1, 400, 5):
        publishing.read_a_page(second)
    assert publishing.published == [46, 166, 286]


def test_publishing_takes_no_more_than_a_twentieth_of_the_time(publishing: Publishing) -> None:
    publishing.takes_seconds = 30
    for second in range(1, 1500, 7):
        publishing.read_a_page(second)
    first, second = publishing.published[:2]
    assert second - first >= 600


def test_without_news_nothing_is_published(publishing: Publishing) -> None:
    publishing.seconds.at = 100
    publishing.meanwhile.look()
    assert publishing.published == []


def test_what_cannot_be_published_now_is_told_and_tried_again(
    publishing: Publishing, caplog: pytest.LogCaptureFixture
) -> None:
    publishing.refusal = CairnError("the disk is full", "/data", "make room")
    publishing.read_a_page(50)
    assert "the disk is full" in caplog.text
    publishing.refusal = None
    publishing.read_a_page(51 + 120)
    assert publishing.published == [171]
