"""Sign-ins go into the log of events as they happen."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from data.configuration import load
from data.errors import CairnError
from data.ledger.event import Event
from data.ledger.ledger import Ledger
from data.ledger.people import People
from data.store.workspace import Workspace

_WAIT_SECONDS = 5.0
"""How long somebody who signs in waits for a log that others use."""
_LOG = logging.getLogger(__name__)


def note(folder: Path, told: Callable[[People], Event]) -> str | None:
    """Logs an event of a sign-in once; returns why that was not possible.

    Args:
        folder: the data folder.
        told: makes the event.
    """
    try:
        settings = load(Workspace(folder).configuration).ledger
        ledger = Ledger(folder, settings, wait_seconds=_WAIT_SECONDS)
        event = told(ledger.people)
        if ledger.is_there and ledger.find(event.id):
            return None
        done = ledger.append([event])
    except CairnError as error:
        _LOG.warning("a sign-in is not in the log of events: %s", error)
        place = f"{Path(error.where).name}: " if error.where else ""
        return f"{place}{error.what}; {error.fix}"
    if done.made_key is not None:
        _LOG.warning("the log of events begins; keep its public key: %s", done.made_key)
    for copy in done.refused:
        _LOG.warning("%s", copy)
    return None
