"""What is made from what, drawn from left to right; each thing is a link to what is known of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import streamlit as st

from app.components import loaded
from app.components.incidents import web
from app.components.lineage_drawing import drawing
from app.components.lineage_outline import outline
from app.components.lineage_thing import WORDS
from app.components.palette import palette
from app.components.question import Question
from app.wording import plain
from data.inventory.lineage import Lineage
from data.metrics.catalogue import Catalogue
from data.store.snapshot import Snapshot

MOST = 90
"""Things in one drawing; more could not be told apart."""
_STYLE = (
    "<style>.lineage{container-type:inline-size}.lineage-outline{display:none}"
    "@container (max-width:600px){.lineage-drawing{display:none}.lineage-outline{display:block}}"
    "</style>"
)
"""The outline instead of the drawing where too little of that would be in sight."""

Row = dict[str, Any]


def lineage(snapshot: Snapshot, known: Catalogue, asked: Question) -> None:
    """Draws what leads to what is chosen in the sidebar, and what comes of it."""
    found = loaded.lineage(snapshot, asked, MOST)
    st.header("Lineage", anchor="lineage")
    about = asked.item or (asked.scope.team and f"what {asked.scope.team} owns")
    if not found.found:
        what = f"of {plain(about)}" if about else "of any dataset, pipeline or model"
        st.markdown(
            f"Not known: no source tells {what} what it is made from or what is made from it. "
            "Sources that tell it are of kind `dbt`, `airflow`, `dvc`, `mlflow`, `wandb` and "
            "`events` (OpenLineage)."
        )
        return
    if found.found > MOST:
        st.markdown(
            f"{found.found:,} things hang together here: too many for one drawing. Choose a "
            f"team or one {asked.subject.value} in the sidebar."
        )
        return
    st.markdown(f":small[{_summary(found)}]")
    titles = {team.team: team.title for team in known.teams}
    st.html(
        f'{_STYLE}<div class="lineage">'
        f'<div class="lineage-drawing">{drawing(found, titles, palette())}</div>'
        f'<div class="lineage-outline">{outline(found, titles, palette())}</div></div>'
    )
    with st.expander("The same as a table", icon=":material/table:"):
        _table(found)


def _summary(found: Lineage) -> str:
    counts = Counter(row["kind"] for row in found.nodes)
    told = [f"{counts[kind]} {word}{'' if counts[kind] == 1 else 's'}" for kind, word in
            WORDS.items() if counts[kind]]  # fmt: skip
    ends = sum(bool(row["untold"]) for row in found.links)
    open_ends = f"{ends} dashed end{'' if ends == 1 else 's'}: nobody tells what lies there. "
    return (
        f"{', '.join(told)}. What a thing is made from stands left of it, or above it where the "
        "window is narrow. "
        + (open_ends if ends else "")
        + "Of each model the versions that serve, else the newest. A box leads to its page."
    )


def _table(found: Lineage) -> None:
    lines = [
        {
            "made from": _spoken(row["from_kind"], row["from_name"], row["untold"]),
            "what": _spoken(row["to_kind"], row["to_name"], row["untold"]),
            "content": row["from_digest"],
            "seen (UTC)": row["seen_at"],
            "told by": row["told_by"],
            "run": web(row["run_url"]),
            "source": web(row["url"]),
        }
        for row in found.links
    ]
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        placeholder="–",
        column_config={
            "seen (UTC)": st.column_config.DatetimeColumn(
                format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
            "run": st.column_config.LinkColumn(display_text="open", width="small"),
            "source": st.column_config.LinkColumn(display_text="open", width="small"),
        },
        alt="One row a link: what is made from what",
    )


def _spoken(kind: str | None, name: str | None, untold: str | None) -> str:
    return f"{WORDS.get(kind, kind)} {name}" if kind else f"not told: {untold}"
