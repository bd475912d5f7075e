"""The button that hands out a file: what is taken stands in the log before it leaves."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import streamlit as st

from app.components.published import workspace
from app.components.sign_in import reader
from app.wording import message
from data.configuration import load
from data.errors import CairnError
from data.ledger.ledger import Ledger
from data.store.workspace import Workspace
from data.trail.exported import Export, log_export

_WAIT_SECONDS = 20.0
"""How long a file waits for a log that others use, such as a check of it."""
_LOG = logging.getLogger(__name__)


def download(
    label: str,
    made: Callable[[], bytes],
    name: str,
    export: Export,
    *,
    key: str = "download",
    mime: str = "text/csv",
    is_alone: bool = True,
) -> None:
    """Shows a button that makes a file when it is pressed, and logs that.

    The file is made and logged beside the run of the page, which does not wait for either. One that
    cannot be logged is handed out all the same, and the page says so.

    Args:
        label: what the button says.
        made: makes the file.
        name: of the file.
        export: what the log says of it, but for who takes it.
        key: of the button, where a page has several.
        mime: what the file is.
        is_alone: whether it says itself what could not be logged; of several buttons side by side
            none does, and `not_logged` is called once below them.
    """
    folder, who = workspace().folder, reader()
    export = replace(export, account=who.account)
    unlogged = _unlogged(str(folder))

    def taken() -> bytes:
        who.check()
        content = made()
        refused = logged(folder, export, content)
        if refused is None:
            unlogged.clear()
        else:
            unlogged[export.title] = refused
            _LOG.warning("taken and not logged: %s (%s)", export.title, refused)
        return content

    st.download_button(
        label, taken, name, mime,
        key=key, icon=":material/download:", on_click="ignore",
    )  # fmt: skip
    if is_alone:
        not_logged()


def not_logged() -> None:
    """Says why what is taken is not in the log of events; nothing where it is."""
    folder = workspace().folder
    refused = closed(folder) or next(reversed(_unlogged(str(folder)).values()), None)
    if refused is not None:
        st.caption(f"What is taken here is not in the log of events: {message(refused)}.")


def logged(folder: Path, export: Export, content: bytes) -> str | None:
    """Logs that a file is taken; returns why that was not possible."""
    try:
        settings = load(Workspace(folder).configuration).ledger
        ledger = Ledger(folder, settings, wait_seconds=_WAIT_SECONDS)
        done = log_export(ledger, export, content)
    except CairnError as error:
        place = f"{Path(error.where).name}: " if error.where else ""
        return f"{place}{error.what}; {error.fix}"
    if done.made_key is not None:
        _LOG.warning("the log of events begins; keep its public key: %s", done.made_key)
    for copy in done.refused:
        _LOG.warning("%s", copy)
    return None


def closed(folder: Path) -> str | None:
    """Why nothing can be logged in a folder, as far as that shows before it is tried."""
    ledger = Ledger(folder).place.folder
    if os.access(ledger if os.access(ledger, os.F_OK) else folder, os.W_OK):
        return None
    return "its folder may not be written; give the account of this server the right to"


@st.cache_resource(max_entries=4, show_spinner=False)
def _unlogged(folder: str) -> dict[str, str]:
    """What was taken since the last that was logged, and why each is not."""
    del folder
    return {}
