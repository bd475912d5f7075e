"""The one look of all charts: the theme's colours and fonts, no clutter, nothing from elsewhere.

A chart is for seeing, not for clicking: drill-down goes through tables, which keep a selection
when the data changes and can be reached with the keyboard.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from app.components.palette import Palette

_DAY = 86_400_000
"""Milliseconds, in which Plotly counts."""
_CONFIG = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False, "doubleClick": False}


def chart(figure: go.Figure, key: str, alt: str) -> None:
    """Shows a figure.

    Args:
        figure: made with `blank`.
        key: stable identity on the page.
        alt: what a reader who cannot see it should know, from the data.
    """
    st.plotly_chart(figure, key=key, alt=alt, config=_CONFIG)


def dated(figure: go.Figure) -> None:
    """Makes the horizontal axis one of days, told as everywhere: `3 Aug`, and the year once."""
    figure.update_xaxes(
        type="date",
        hoverformat="%-d %b %Y",
        tickformatstops=[
            {"dtickrange": [None, _DAY - 1], "value": "%H:%M\n%-d %b"},
            {"dtickrange": [_DAY, None], "value": "%-d %b\n%Y"},
        ],
    )


def legend_below(figure: go.Figure, height: int) -> None:
    """Puts a legend of many names below the chart, where it meets nothing when it is narrow.

    Args:
        figure: with names.
        height: in pixels, with the legend.
    """
    figure.update_layout(
        legend={"yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        height=height,
        showlegend=True,
    )


def blank(colours: Palette, height: int, unit: str) -> go.Figure:
    """An empty figure in the house look.

    Args:
        colours: of the reader's mode. Tick labels take the text colour, since Streamlit's grey is
            too faint to read (WCAG 1.4.3).
        height: in pixels.
        unit: what the vertical axis counts in, written above it.
    """
    font = {"color": colours.muted, "size": 13}
    axis: dict[str, Any] = {
        "tickfont": font,
        "gridcolor": colours.line,
        "linecolor": colours.line,
        "zeroline": False,
        "fixedrange": True,
        "title": None,
    }
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 34, "b": 8},
        font=font,
        hovermode="x unified",
        hoverlabel={"font": {"color": colours.text, "size": 13}, "bgcolor": colours.surface},
        legend={
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "y": 1.02,
            "yanchor": "bottom",
            "font": font,
        },
        xaxis={**axis, "showgrid": False, "showline": True, "ticks": "outside"},
        yaxis={**axis, "rangemode": "tozero"},
    )
    figure.add_annotation(
        text=unit, font=font, showarrow=False, xref="paper", yref="paper",
        x=0, xanchor="left", y=1, yanchor="bottom", yshift=8,
    )  # fmt: skip
    return figure
