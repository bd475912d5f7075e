"""Where the time goes: the stages of a metric that has them."""

from __future__ import annotations

import streamlit as st

from app.components.charts import blank, chart
from app.components.palette import palette
from app.wording import duration
from data.metrics.figure import Figure

_STAGES = {
    "coding": "coding",
    "pickup": "waiting for review",
    "review": "review to merge",
    "deploy": "merge to production",
}


def stages(figure: Figure) -> None:
    """Shows the median of each stage that is known; says so where none is."""
    known = {name: value for name, value in figure.parts.items() if value is not None}
    st.markdown("**Where the time goes**")
    if not known:
        st.caption(
            "Not known: the sources keep no times of review requests, reviews and merges that "
            "could be told apart."
        )
        return
    colours = palette()
    names = [_STAGES.get(name, name) for name in known]
    drawn = blank(colours, 60 + 38 * len(known), "")
    drawn.add_bar(
        x=list(known.values()),
        y=names,
        orientation="h",
        marker={"color": colours.series[0], "line": {"width": 0}},
        width=0.5,
        text=[duration(value) for value in known.values()],
        textposition="outside",
        textfont={"color": colours.text, "size": 13},
        cliponaxis=False,
        hoverinfo="skip",
    )
    drawn.update_layout(margin={"l": 8, "r": 84, "t": 4, "b": 4}, showlegend=False)
    drawn.update_xaxes(visible=False)
    drawn.update_yaxes(
        autorange="reversed",
        rangemode="normal",
        showgrid=False,
        automargin=True,
        tickfont={"color": colours.text},
    )
    told = ", ".join(f"{_STAGES.get(n, n)} {duration(v)}" for n, v in known.items())
    chart(drawn, "stages", f"Median of each stage: {told}")
    missing = [_STAGES.get(name, name) for name in figure.parts if name not in known]
    st.caption(
        "Medians of each stage by itself: they need not add up to the median of the whole."
        + (f" Not known: {', '.join(missing)}." if missing else "")
    )
