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
    years = [None, *(month.year for month in named)]
    figure.update_xaxes(
        type="category",
        tickvals=[f"{month:%Y-%m}" for month in named],
        ticktext=[
            f"{month:%b}" + ("" if month.year == before else f"<br>{month.year}")
            for before, month in zip(years, named, strict=False)
        ],
        tickangle=0,
    )
