"""Windows to choose from, and whose rows a question is about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.components.question import CUSTOM, Question, window_choices
from data.metrics.scope import By, Scope
from data.period import Grain, Window, parse_window

TODAY = date(2026, 11, 1)


def question(**fields: Any) -> Question:
    defaults: dict[str, Any] = {
        "scope": Scope(),
        "window": Window(date(2026, 8, 3), TODAY),
        "grain": Grain.MONTH,
        "edition": "dora_2024",
        "metric": "lead_time",
        "group": None,
        "period": None,
    }
    return Question(**{**defaults, **fields})


def test_every_choice_but_custom_is_a_window_the_command_line_reads() -> None:
    for name in window_choices(TODAY):
        assert name == CUSTOM or parse_window(name, TODAY).days > 0


def test_a_period_that_has_only_begun_is_not_offered() -> None:
    choices = window_choices(TODAY)
    assert "2026-11" not in choices
    assert choices["2026-10"] == "October 2026"
    assert choices["2026-Q4"] == "Q4 2026"


def test_the_rows_are_those_of_the_whole_window_unless_a_period_is_named() -> None:
    assert question().rows_window == question().window
    september = question(period="2026-09").rows_window
    assert september == Window(date(2026, 9, 1), date(2026, 10, 1))
    cut = question(period="2026-08-03/2026-08-31").rows_window
    assert cut == Window(date(2026, 8, 3), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("fields", "by", "scope"),
    [
        ({}, By.TEAM, Scope()),
        ({"group": "web"}, By.TEAM, Scope("web", is_own=True)),
        ({"scope": Scope("web")}, By.SERVICE, Scope("web")),
        ({"scope": Scope("web"), "group": "shop"}, By.SERVICE, Scope("web", "shop")),
    ],
)
def test_a_part_narrows_the_scope(fields: dict[str, Any], by: By, scope: Scope) -> None:
    asked = question(**fields)
    assert asked.by is by
    assert asked.rows_scope == scope
