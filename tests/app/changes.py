"""Figures with something to find in them, and a change with parts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from data.metrics.definition import definition
from data.metrics.figure import Figure
from data.metrics.scope import By
from data.period import Window
from data.series.contribution import Side, of_counts, of_shares
from data.series.moved import Method, Moved
from tests.app.figures import figure


def daily(length: int) -> list[Figure]:
    """A weekday pattern with noise, and one wild Wednesday, 10 June 2026."""
    chance = random.Random(3)
    start = date(2026, 3, 2)
    made = []
    for number in range(length):
        first = start + timedelta(days=number)
        value = float(chance.randint(4, 7)) if first.weekday() < 5 else 0.0
        value = 40.0 if number == 100 else value
        made.append(figure(value, window=Window(first, first + timedelta(days=1))))
    return made


def moved(method: Method, count: int) -> Moved:
    """A change with so many parts."""
    before = {f"team-{i}": Side(float(i), 10.0 + i) for i in range(count)}
    after = {f"team-{i}": Side(float(i * 3 % 7), 12.0) for i in range(count)}
    parts = (
        of_shares(before, after) if method is Method.SHARES else of_counts(before, after, (9, 7))
    )
    total = sum(part.total for part in parts)
    id_ = "change_fail_rate" if method is Method.SHARES else "deployment_frequency"
    sides = figure(0.25), replace(figure(0.25), value=0.25 + total)
    return Moved(definition(id_), By.TEAM, method, *sides, (0.25, 0.25 + total), tuple(parts))
