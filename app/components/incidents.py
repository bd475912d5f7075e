"""Incidents: those that are open, and those that began in the period."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from app.components.question import Question
from app.wording import duration, plain
from data.inventory.operations import incidents as asked_for
from data.metrics.catalogue import Catalogue
from data.store.snapshot import Snapshot

MOST = 200
Row = dict[str, Any]


def incidents(snapshot: Snapshot, known: Catalogue, asked: Question) -> None:
    """Lists them, the open ones first."""
    rows: list[Row] = asked_for(snapshot, asked.scope, asked.window, MOST).to_pylist()
    st.header("Incidents", anchor="incidents")
    if not rows:
        st.markdown(
            "No incident is known of this period, and none is open. Incidents are told by sources "
            "of kind `github`, `gitlab`, `pagerduty` and `events`."
        )
        return
    titles = {team.team: team.title for team in known.teams}
    st.markdown(f":small[{plain(_summary(rows, snapshot.as_of))}]")
    st.dataframe(
        pd.DataFrame([_line(row, titles, snapshot.as_of) for row in rows]),
        hide_index=True,
        placeholder="–",
        height="content" if len(rows) <= 10 else 390,
        column_config={
            "source": st.column_config.LinkColumn("Source", display_text="open", width="small"),
            "Began (UTC)": st.column_config.DatetimeColumn(
                format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
            "Title": st.column_config.TextColumn(width="large"),
            "After": st.column_config.LinkColumn(
                "Deployment", display_text="open", width="small",
                help="The deployment that it is put down to; none: no deployment is known to have "
                "caused it.",
            ),
            "Lasted": st.column_config.TextColumn(
                help="From its start to its resolution; of an open one until the data ends."
            ),
        },
        alt="One row an incident, the open ones first, then the newest",
    )  # fmt: skip


def _summary(rows: list[Row], as_of: datetime) -> str:
    found, still = rows[0]["found"], rows[0]["open"]
    parts = [f"{found - still:,} resolved, {still:,} open"]
    if still:
        longest = max((as_of - row["started_at"]).total_seconds() for row in rows if row["is_open"])
        parts.append(f"the oldest of these for {duration(longest)}")
    if found > len(rows):
        parts.append(f"the first {len(rows)} are listed")
    return ", ".join(parts) + "."


def _line(row: Row, titles: dict[str, str], as_of: datetime) -> Row:
    seconds = row["recovery_seconds"]
    lasted = duration(seconds) if seconds is not None else None
    if row["is_open"]:
        lasted = f"{duration((as_of - row['started_at']).total_seconds())} so far"
    return {
        "source": web(row["url"]),
        "State": "open" if row["is_open"] else "resolved",
        "Severity": row["severity"] or "not told",
        "Service": row["service"] or "not told",
        "Began (UTC)": row["started_at"].astimezone(UTC),
        "Lasted": lasted,
        "Title": row["title"],
        "After": web(row["deployment_url"]),
        "Team": titles.get(row["team"], row["team"]),
        "Environment": row["environment"] or "not told",
    }


def web(address: str | None) -> str | None:
    """An address if it leads to the web, whatever a source wrote."""
    return address if str(address).startswith(("http://", "https://")) else None
