"""What a figure is made of: the stages of a time, or the parts of a share."""

from __future__ import annotations

import streamlit as st

from app.components.charts import blank, chart
from app.components.palette import palette
from app.wording import reading
from data.metrics.definition import Definition, Unit
from data.metrics.figure import Figure

_STAGES = {
    "coding": "coding",
    "pickup": "waiting for review",
    "review": "review to merge",
    "deploy": "merge to production",
    "told_cost": "cost with an activity",
}


_TIME = (
    "Where the time goes",
    "Medians of each stage by itself: they need not add up to the median of the whole.",
    "Not known: the sources keep no times that could be told apart.",
)
_SHARE = (
    "In parts",
    "Each a share by itself, of the rows of which it is known.",
    "Not known: no row tells any of them.",
)


def stages(metric: Definition, figure: Figure) -> None:
    """Shows each stage or part that is known; says so where none is."""
    bars = [name for name in figure.parts if metric.unit_of(name) is not Unit.COUNT]
    known = {name: value for name in bars if (value := figure.parts[name]) is not None}
    title, caption, unknown = _TIME if metric.unit is Unit.SECONDS else _SHARE
    st.markdown(f"**{title}**")
    if not known:
        st.caption(unknown)
        return
    colours = palette()
    names = [named(name) for name in known]
    words = [str(reading(value, metric.unit_of(name))) for name, value in known.items()]
    drawn = blank(colours, 60 + 38 * len(known), "")
    drawn.add_bar(
        x=list(known.values()),
        y=names,
        orientation="h",
        marker={"color": colours.series[0], "line": {"width": 0}},
        width=0.5,
        text=words,
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
    told = ", ".join(f"{name} {value}" for name, value in zip(names, words, strict=True))
    chart(drawn, "stages", f"{title}: {told}")
    missing = [named(name) for name in bars if name not in known]
    st.caption(caption + (f" Not known: {', '.join(missing)}." if missing else ""))


def named(part: str) -> str:
    """What a stage or part is called."""
    return _STAGES.get(part, part.replace("_", " "))
