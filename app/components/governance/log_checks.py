"""Which check of the log of events is the newest: a control rests on it, and it is no file."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from data.controls.ledger_checks import KIND
from data.errors import CairnError
from data.ledger.entry import Asked
from data.ledger.ledger import Ledger

_WAIT_SECONDS = 1.0
"""No page waits for long appends only to know whether the log was checked again."""


def newest_check(folder: Path) -> str:
    """Id of the newest check in the log of a folder; empty if there is none.

    Read again only when the file of the log is another. While it cannot be read the answer is what
    it was before.
    """
    known = _known(str(folder))
    ledger = Ledger(folder, wait_seconds=_WAIT_SECONDS)
    try:
        mark = str(ledger.place.database.stat().st_mtime_ns)
    except OSError:
        return ""
    if known.get("mark") != mark:
        try:
            found = ledger.entries(Asked(kind=KIND, limit=1, is_newest_first=True))
        except CairnError:
            return known.get("check", "")
        known.update(mark=mark, check=found[0].id if found else "")
    return known["check"]


@st.cache_resource(max_entries=2, show_spinner=False)
def _known(folder: str) -> dict[str, str]:
    """The file that was read last, and what was found in it."""
    del folder
    return {}
