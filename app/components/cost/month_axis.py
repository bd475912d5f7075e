"""A horizontal axis of months, told as everywhere: `Aug`, and the year once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

_MOST = 12
"""Months that are all named."""


def name_months(figure: go.Figure, months: Sequence[date]) -> None:
    """Names the months of an axis whose places are called `2026-08`."""
    named = months[:: -(-len(months) // _MOST) or 1]
    figure.update_xaxes(
        type="category",
        tickvals=[f"{month:%Y-%m}" for month in named],
        ticktext=_labels(named),
        tickangle=0,
    )


def _labels(named: Sequence[date]) -> list[str]:
    """The year where it changes, and of the first, unless the next one would meet it."""
    years = [month.year for month in named]
    told = [year != before for year, before in zip(years, [None, *years], strict=False)]
    if told[:2] == [True, True]:
        told[0] = False
    return [
        f"{month:%b}<br>{month.year}" if has_year else f"{month:%b}"
        for month, has_year in zip(named, told, strict=True)
    ]
