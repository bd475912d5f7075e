"""The log of the folder that is served, and what this reader may ask of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import streamlit as st

from app.components.published import workspace
from app.viewer import sees_names
from data.configuration import load
from data.ledger.ledger import Ledger
from data.ledger.refusal import LedgerRefused
from data.trail.index import Index
from data.trail.search import Trail

_PATIENCE_SECONDS = 0.3
"""What takes longer shows how far it is."""


@dataclass(frozen=True, slots=True)
class Log:
    """The log, and who looks at it."""

    ledger: Ledger
    sees_names: bool


def opened() -> Log:
    """The log; asking for it never makes it.

    Raises:
        ConfigurationError: if `cairn.toml` cannot be read.
    """
    at = workspace()
    if not at.configuration.exists():
        return Log(Ledger(at.folder), sees_names=False)
    configuration = load(at.configuration)
    return Log(Ledger(at.folder, configuration.ledger), sees_names(configuration))


def searched(log: Log) -> Trail:
    """What can be asked of the log, up to its last entry; shows how far it is.

    Raises:
        LedgerRefused: if the log is in use for too long, or may not be read.
        LedgerBroken: if its file is no database any more.
    """
    index = _index(str(log.ledger.place.folder))
    with st.spinner("Reading the log …", show_time=False):
        index.refresh(log.ledger, patient())
    return Trail(index, _accounts(log.ledger) if log.sees_names else None)


def patient() -> Callable[[str, int, int | None], None]:
    """Shows progress, unless it is done at once."""
    slot, began = st.empty(), monotonic()

    def told(what: str, done: int, total: int | None) -> None:
        is_done = total is not None and done >= total
        if is_done:
            slot.empty()
        elif monotonic() - began > _PATIENCE_SECONDS:
            of = f" of {total:,}" if total else ""
            share = min(done / total, 1.0) if total else 0.0
            slot.progress(share, f"{what[:1].upper()}{what[1:]}: {done:,}{of}")

    return told


@st.cache_resource(max_entries=2, show_spinner=False)
def _index(folder: str) -> Index:  # noqa: ARG001 - one index a folder
    return Index()


def _accounts(ledger: Ledger) -> dict[str, str]:
    """The accounts of the pseudonyms; none where the list of persons cannot be read."""
    try:
        return ledger.people.accounts()
    except LedgerRefused:
        return {}
