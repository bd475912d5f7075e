"""Which alerts make the most noise, and what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import pandas as pd
import streamlit as st

from app.components.incidents import web
from app.components.question import Question
from app.wording import duration, plain, rounded_percent
from data.inventory.operations import noisy_alerts
from data.metrics.catalogue import Catalogue
from data.store.snapshot import Snapshot

MOST = 50
Row = dict[str, Any]


def noise(snapshot: Snapshot, known: Catalogue, asked: Question) -> None:
    """Lists alerts by name and service, those that led nowhere most often first."""
    rows: list[Row] = noisy_alerts(snapshot, asked.scope, asked.window, MOST).to_pylist()
    st.header("Alerts by noise", anchor="noise")
    if not rows:
        st.markdown(
            "No alert is known of this period. Alerts are told by sources of kind `prometheus`, "
            "`alertmanager`, `pagerduty` and `events`."
        )
        return
    titles = {team.team: team.title for team in known.teams}
    st.markdown(f":small[{summary(rows)}]")
    st.dataframe(
        pd.DataFrame([_line(row, titles) for row in rows]),
        hide_index=True,
        placeholder="–",
        height="content" if len(rows) <= 10 else 390,
        column_config={
            "Alert": st.column_config.TextColumn(pinned=True),
            "source": st.column_config.LinkColumn("Newest", display_text="open", width="small"),
            "Led nowhere": st.column_config.NumberColumn(
                help="Firings that no incident belongs to until an hour after their end."
            ),
            "Noise": st.column_config.ProgressColumn(
                format="percent", min_value=0, max_value=1,
                help="Of the firings of which it is known, those that led to no incident.",
            ),
            "Mended by a machine": st.column_config.NumberColumn(
                help="A machine mended what it told of: such an alert needs no incident."
            ),
            "Last (UTC)": st.column_config.DatetimeColumn(
                format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
        },
        alt="One row an alert of a service: how often it fired and what came of it",
    )  # fmt: skip


def summary(rows: Sequence[Row]) -> str:
    """How few alerts make half of the noise, as Markdown; rows are those of `noisy_alerts`.

    Shares are of all firings that led to no incident, also of alerts that are not listed.
    """
    first, count, nowhere = rows[0], rows[0]["found"], rows[0]["all_led_nowhere"]
    listed = f" The first {len(rows)} are listed." if count > len(rows) else ""
    many_are = "1 alert" if count == 1 else f"{count:,} alerts"
    if not nowhere:
        return f"{many_are}; none is known to have led nowhere.{listed}"
    sums = list(accumulate(row["led_nowhere"] for row in rows))
    many = next((at for at, made in enumerate(sums, 1) if made * 2 >= nowhere), len(sums))
    source = "one makes" if many == 1 else f"{many} make"
    of_it = f" of {plain(first['service'])}" if first["service"] else ""
    share = rounded_percent(sums[many - 1] / nowhere)
    return (
        f"{many_are}: {source} {share} of the firings that led to no "
        f"incident. The noisiest is {plain(first['title'])}{of_it}, "
        f"{first['led_nowhere']:,} of {first['fired']:,} times.{listed}"
    )


def _line(row: Row, titles: dict[str, str]) -> Row:
    judged = row["led_nowhere"] + row["led_to_incident"]
    return {
        "Alert": row["title"],
        "Service": row["service"],
        "Fired": row["fired"],
        "Led nowhere": row["led_nowhere"],
        "Led to an incident": row["led_to_incident"],
        "Not known": row["unknown"],
        "Noise": row["led_nowhere"] / judged if judged else None,
        "Mended by a machine": row["mended_by_machine"],
        "Usually over in": duration(row["resolve_seconds"])
        if row["resolve_seconds"] is not None
        else None,
        "Not resolved": row["unresolved"],
        "Severity": row["severity"],
        "Last (UTC)": row["last_at"],
        "Team": titles.get(row["team"], row["team"]),
        "source": web(row["url"]),
    }
