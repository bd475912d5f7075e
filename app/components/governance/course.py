"""How controls stood month by month: evaluated when somebody asks, since it takes its time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from app.components.charts import blank, chart
from app.components.governance.asked import Asking
from app.components.governance.examined import Rules, tallies
from app.components.governance.signs import WORDS, WORST_FIRST, hundredths, share
from app.components.palette import palette
from app.wording import days
from data.controls.definition import Control
from data.controls.posture import Stand, stand
from data.period import Grain, Window, floor
from data.store.snapshot import Snapshot

KEY = "trend"
SHOWN = "month"
MONTHS = 6


def course(snapshot: Snapshot, rules: Rules, chosen: Sequence[Control], asking: Asking) -> None:
    """Draws both rates and the coverage of the last months, once it is asked for."""
    st.header("Month by month", anchor="months")
    windows = months(asking.window)
    if st.session_state.get(KEY) != SHOWN:
        st.markdown(
            f"Each control is evaluated again for each of {len(windows)} months, as it is for the "
            "period above: the first time that takes a while."
        )
        st.button("Evaluate month by month", icon=":material/timeline:", on_click=_ask)
        return
    found = tallies(snapshot, rules, windows, chosen)
    stands = [stand(found[window].values(), asking.members) for window in windows]
    if all(one.counts.pass_rate is None for one in stands):
        st.markdown("In none of these months could any row be judged.")
    else:
        _draw(windows, stands)
    with st.expander("The same as a table", icon=":material/table:"):
        lines = [_line(w, s) for w, s in zip(reversed(windows), reversed(stands), strict=True)]
        rates = ("Pass rate", "With waivers", "Coverage")
        st.dataframe(
            pd.DataFrame(lines),
            hide_index=True,
            placeholder="–",
            column_config={name: st.column_config.NumberColumn(format="%.1f %%") for name in rates},
            alt="One row a month, newest first: rates, and how many controls have which state",
        )


def months(window: Window) -> list[Window]:
    """The months up to the end of a window; the last is clipped to it."""
    end = window.end
    found: list[Window] = []
    while len(found) < MONTHS:
        start = floor(end - timedelta(days=1), Grain.MONTH)
        found.append(Window(start, end))
        end = start
    return found[::-1]


def _ask() -> None:
    st.session_state[KEY] = SHOWN


def _draw(windows: Sequence[Window], stands: Sequence[Stand]) -> None:
    colours = palette()
    figure = blank(colours, 300, "%")
    names = [f"{window.start:%b %Y}" for window in windows]
    for name, values, colour, dash in (
        ("pass rate", [one.counts.pass_rate for one in stands], 0, "solid"),
        ("with waivers", [one.counts.pass_rate_with_waivers for one in stands], 1, "dot"),
        ("coverage", [one.counts.coverage for one in stands], 2, "dash"),
    ):
        figure.add_scatter(
            x=names,
            y=[hundredths(value) for value in values],
            name=name,
            mode="lines+markers",
            cliponaxis=False,
            connectgaps=False,
            line={"color": colours.series[colour], "width": 2.2, "dash": dash},
            hovertemplate=f"{name} %{{y:.1f}} %<extra></extra>",
        )
    figure.update_layout(showlegend=True)
    figure.update_yaxes(range=[0, 100])
    figure.update_xaxes(type="category")
    chart(figure, "course", _in_words(windows, stands))
    st.caption(_in_words(windows, stands))


def _in_words(windows: Sequence[Window], stands: Sequence[Stand]) -> str:
    first, last = stands[0].counts, stands[-1].counts
    return (
        f"Pass rate from {share(first.pass_rate)} ({windows[0].start:%B %Y}) to "
        f"{share(last.pass_rate)} ({days(windows[-1])}), coverage from {share(first.coverage)} to "
        f"{share(last.coverage)}. What is refused today is unknown in each month."
    )


def _line(window: Window, found: Stand) -> dict[str, object]:
    counts = found.counts
    return {
        "Month": days(window),
        "Pass rate": hundredths(counts.pass_rate),
        "With waivers": hundredths(counts.pass_rate_with_waivers),
        "Coverage": hundredths(counts.coverage),
        **{f"Controls: {WORDS[state]}": found.by_state.get(state, 0) for state in WORST_FIRST},
    }
