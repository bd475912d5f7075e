"""A trend small enough for a tile: drawn here, so that a page of tiles loads no chart library."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

import streamlit as st

_WIDTH, _HEIGHT, _MARGIN = 160.0, 36.0, 4.0


def sparkline(values: Sequence[float | None], alt: str, colour: str) -> None:
    """Draws values in their order; an unknown one is a hole in the line.

    Args:
        values: at least one known.
        alt: what a reader who cannot see it should know.
        colour: of the line, as `#rrggbb`.
    """
    st.image(svg(values, colour), alt=alt, width="stretch")


def has_line(values: Sequence[float | None]) -> bool:
    """Whether any two neighbours are known: else there is nothing but single points."""
    return any(None not in pair for pair in pairwise(values))


def svg(values: Sequence[float | None], colour: str) -> str:
    """The drawing as SVG; the last value is a dot."""
    points = _points(values)
    lines = "".join(
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}" fill="none" '
        f'stroke="{colour}" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/>'
        for run in _runs(points)
    )
    lines += "".join(
        f'<circle cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="1.2" fill="{colour}"/>'
        for run in _runs(points)
        if len(run) == 1
    )
    x, y = [point for point in points if point is not None][-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" '
        f'width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}">{lines}'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/></svg>'
    )


def _points(values: Sequence[float | None]) -> list[tuple[float, float] | None]:
    known = [value for value in values if value is not None]
    low, high = min(known), max(known)
    across = (_WIDTH - 2 * _MARGIN) / max(1, len(values) - 1)
    up = (_HEIGHT - 2 * _MARGIN) / (high - low) if high > low else 0.0
    middle = 0.0 if high > low else _HEIGHT / 2 - _MARGIN
    return [
        None
        if value is None
        else (_MARGIN + i * across, _HEIGHT - _MARGIN - middle - (value - low) * up)
        for i, value in enumerate(values)
    ]


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The stretches without a hole."""
    grouped = groupby(points, key=lambda point: point is None)
    return [[p for p in run if p is not None] for is_hole, run in grouped if not is_hole]
