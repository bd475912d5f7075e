"""What the rules page says in words, and how often rules are evaluated."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.prometheus.rules import step_seconds, summary_of
from connectors.prometheus.server import duration_seconds


def page(summary: str, labels: dict[str, str] | None = None, interval: float = 15) -> Any:
    rule = {
        "type": "alerting",
        "name": "A",
        "labels": labels or {},
        "annotations": {"summary": summary},
    }
    return {"data": {"groups": [{"interval": interval, "rules": [rule]}]}}


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("disk full", "disk full"),
        ("{{ $labels.device }} full", "sda full"),
        ("{{$labels.absent}} full", " full"),
        ("{{ $labels.severity }} full", None),
        ("{{ $value | humanize }} full", None),
        ("", None),
    ],
)
def test_words_of_the_past_are_told_where_the_labels_alone_make_them(
    summary: str, expected: str | None
) -> None:
    labels = {"alertname": "A", "device": "sda", "severity": "page"}
    assert summary_of(page(summary, {"severity": "page"}), labels) == expected


def test_another_rule_of_the_same_name_says_nothing() -> None:
    assert summary_of(page("x", {"severity": "warn"}), {"alertname": "A", "severity": "p"}) is None


@pytest.mark.parametrize(("interval", "step"), [(15, 60), (30, 60), (60, 120), (0.5, 60)])
def test_each_rule_is_evaluated_twice_in_a_step(interval: float, step: int) -> None:
    assert step_seconds(page("x", interval=interval)) == step


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15d", 15 * 86_400),
        ("1w2d", 9 * 86_400),
        ("10y", 3650 * 86_400),
        ("15d or 512MB", 15 * 86_400),
        ("512MB", None),
        ("0s", None),
        ("", None),
    ],
)
def test_how_long_a_server_keeps_samples_is_read(text: str, seconds: int | None) -> None:
    assert duration_seconds(text) == seconds
