"""What a benchmark says of a value: words and a sign first, shade second, never shade alone."""

from __future__ import annotations

import streamlit as st

from app.wording import NO_BAND, plain, short_band
from data.benchmarks.schema import Metric, load
from data.metrics.figure import Figure

_SIGNS = ("signal_cellular_1_bar", "signal_cellular_2_bar", "signal_cellular_3_bar",
          "signal_cellular_4_bar")  # fmt: skip
_NO_SIGN = "signal_cellular_0_bar"


def band_badge(metric: str, figure: Figure) -> None:
    """The band of a figure as a badge, or why it has none; the tooltip quotes the publication."""
    if figure.band is None:
        words = NO_BAND[figure.band_reason] if figure.band_reason else "no band"
        st.badge(words, icon=":material/remove:", color="gray")
        return
    share = goodness(metric, figure)
    sign = _NO_SIGN if share is None else _SIGNS[round(share * 3)]
    st.badge(
        plain(short_band(figure.band.label, figure.band.kind)),
        icon=f":material/{sign}:",
        color="gray" if share is None else "blue",
        help=plain(f"{figure.band.label}. {figure.band.description}"),
    )


def band_words(figure: Figure) -> str:
    """The band of a figure for a cell of a table; empty if there is none."""
    if figure.band is not None:
        return short_band(figure.band.label, figure.band.kind)
    return NO_BAND[figure.band_reason] if figure.band_reason else ""


def goodness(metric: str, figure: Figure) -> float | None:
    """How good the benchmark calls a figure, 0 to 1; None where it puts it in no one place."""
    band = figure.band
    if band is None:
        return None
    if band.score is not None:
        return band.score / 10
    if band.ahead_of is not None or band.rank is None:
        return band.ahead_of
    worst = len(load(band.edition).metrics[Metric(metric)]) - 1
    return 1 - band.rank / worst
