"""One row a source: fresh or not, how the last reading went, how far it reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from app.components.freshness import SIGNS
from app.components.tile import NO_BREAK
from app.wording import ago, duration, moment, plain
from data.health.sources import LastRun, SourceHealth

HOW_TO = """\
`cairn sync` reads what is new at every source and publishes it; readers are not disturbed. Run it
by hand, or from cron (`17 * * * * cairn --data FOLDER sync`). `cairn doctor` checks configuration,
access and what is missing, and changes nothing."""


def source_table(sources: Sequence[SourceHealth], now: datetime) -> None:
    """Shows all sources, then how far each stream of theirs has been read."""
    st.table(
        {
            "Source": [f"**{plain(source.source)}**" for source in sources],
            "State": [_state(source, now) for source in sources],
            "Complete": [_complete(source) for source in sources],
            "Gaps": [str(len(source.gaps)) for source in sources],
            "Last reading": [_result(source.last_run) for source in sources],
        },
        border="horizontal",
        hide_index=True,
        alt="Sources with their freshness and last reading",
    )
    for source in sources:
        if source.last_run is not None and source.last_run.error:
            st.error(
                f"**{plain(source.source)}**: {plain(source.last_run.error)}",
                icon=":material/error:",
            )
    _marks(sources)
    st.markdown(f":small[{HOW_TO}]")


def _complete(source: SourceHealth) -> str:
    """Until when all is known; and since when, where streams do not reach back to the start."""
    until = f"until {moment(source.complete_until)}" if source.complete_until else "not known"
    if source.complete_from is None:
        return until
    return f"{until}; some streams from {moment(source.complete_from)}"


def _state(source: SourceHealth, now: datetime) -> str:
    read = f" read {ago(source.read_at, now)}" if source.read_at else ""
    return SIGNS[source.freshness].badge + read


def _result(run: LastRun | None) -> str:
    if run is None:
        return ":gray-badge[:material/remove: none yet]"
    sign = (
        ":green-badge[:material/check: done]"
        if run.is_done
        else ":red-badge[:material/close: failed]"
    )
    rows = f"{run.inserted:,} new, {run.updated:,} changed, {run.deleted:,} gone"
    return f"{sign} {moment(run.finished_at)}: {rows}{_pace(run)}{_asked(run)}"


def _asked(run: LastRun) -> str:
    """How often an API was asked, and how much of that it takes off its limit."""
    if run.requests is None:
        return ""
    return f"; {run.requests:,} requests, {run.counted:,} of them counted"


def _pace(run: LastRun) -> str:
    """How long it took."""
    seconds = (run.finished_at - run.started_at).total_seconds()
    told = duration(seconds) if seconds >= 60 else f"{seconds:.1f} s"
    return f" in {told}".replace(" s", NO_BREAK + "s")


def _marks(sources: Sequence[SourceHealth]) -> None:
    with st.expander("How far each stream was read", icon=":material/linear_scale:"):
        rows = [
            {
                "source": source.source,
                "stream": mark.stream,
                "complete from (UTC)": mark.complete_from,
                "complete until (UTC)": mark.complete_until,
                "last read (UTC)": mark.read_at,
                "high-water mark": mark.cursor,
            }
            for source in sources
            for mark in source.streams
        ]
        time = st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC")
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            placeholder="–",
            column_config={
                "complete from (UTC)": time,
                "complete until (UTC)": time,
                "last read (UTC)": time,
            },
            alt="Streams of the sources with their high-water marks",
        )
