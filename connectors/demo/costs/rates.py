"""Rates of currencies, invented: a file with one for each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from connectors.demo.dice import Dice
from connectors.demo.organisation import STORY_DAYS, Course, at, organisation

_BASE, _QUOTE = "USD", "EUR"
_COURSE: Course = (0.941, 0.952, 0.926, 0.903, 0.894, 0.911, 0.905, 0.889, 0.882)
_NOISE = 0.004
_HEAD = "day,base,quote,rate,source"
_SOURCE = "Tarnfell treasury, invented"


def rates_text(seed: int, until: date) -> str:
    """The file, with the days before `until`."""
    return "\n".join((_HEAD, *_rows(seed, until), ""))


def _rows(seed: int, until: date) -> Iterator[str]:
    first = organisation().founded
    for number in range((until - first).days):
        day = first + timedelta(days=number)
        drawn = Dice(seed, "rate", _BASE, _QUOTE, day).between(1 - _NOISE, 1 + _NOISE)
        rate = Decimal(int(at(_COURSE, min(1.0, number / STORY_DAYS)) * drawn * 10_000))
        yield f'{day},{_BASE},{_QUOTE},{rate.scaleb(-4)},"{_SOURCE}"'
