"""How fresh the data is: a badge for one source, and one line for all of a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import streamlit as st

from app.components.sign import Sign
from app.wording import ago, moment, plain
from data.health.sources import Freshness, SourceHealth, source_health
from data.store.snapshot import Snapshot

SIGNS = {
    Freshness.FRESH: Sign("fresh", "check_circle", "green"),
    Freshness.STALE: Sign("stale", "schedule", "orange"),
    Freshness.NEVER: Sign("never read", "block", "red"),
    Freshness.FINISHED: Sign("complete", "flag", "gray"),
}


def freshness_line(snapshot: Snapshot) -> None:
    """Says in the sidebar whose data this is, until when it is complete and when it was read."""
    now = datetime.now(UTC)
    sources = source_health(snapshot, [], now)
    with st.sidebar, st.container(gap="xxsmall"):
        st.markdown(f"**{plain(snapshot.manifest['organisation'])}**")
        st.caption(complete_until(sources, snapshot.as_of))
        st.markdown(f"{SIGNS[worst(sources)].badge} :small[:gray[{_read(sources, now)}]]")


def complete_until(sources: Sequence[SourceHealth], latest: datetime) -> str:
    """Until when all sources are known and, if that differs by a day, the one known longest."""
    known = [source.complete_until for source in sources if source.complete_until]
    earliest = min(known, default=latest)
    if len(known) < len(sources):
        return f"Complete until {moment(earliest)}, in part not known"
    partly = f", in part until {moment(latest)}" if latest - earliest >= timedelta(days=1) else ""
    return f"Complete until {moment(earliest)}{partly}"


def worst(sources: Sequence[SourceHealth]) -> Freshness:
    """The state of the source that is worst off."""
    states = [source.freshness for source in sources]
    for state in (Freshness.NEVER, Freshness.STALE, Freshness.FRESH):
        if state in states or not states:
            return state
    return Freshness.FINISHED


def _read(sources: Sequence[SourceHealth], now: datetime) -> str:
    times = [source.read_at for source in sources if source.read_at is not None]
    return f"read {ago(min(times), now)}" if times else "no source was ever read"
