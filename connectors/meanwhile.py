"""Publishes what is read so far while a long sync goes on."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from data.errors import CairnError
from data.store.working import Working

_LOG = logging.getLogger(__name__)
_FIRST_SECONDS = 45.0
_EVERY_SECONDS = 120.0
_SHARE = 0.05
"""Of the time of a sync that may go into publishing meanwhile."""


class Meanwhile:
    """Looks now and then whether there is something worth publishing."""

    def __init__(
        self,
        publish: Callable[[], object],
        working: Working,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begins to count.

        Args:
            publish: publishes what the database holds.
            working: the database.
            clock: seconds that only grow.
        """
        self._publish = publish
        self._working = working
        self._clock = clock
        self._next_at = clock() + _FIRST_SECONDS
        self._revision = working.revision

    def look(self) -> None:
        """Publishes if it is time and anything changed.

        What cannot be published now is told and tried again: the sync goes on, and its end says
        what is still wrong.
        """
        if self._clock() < self._next_at:
            return
        began_at = self._clock()
        if self._working.revision != self._revision:
            self._revision = self._working.revision
            try:
                self._publish()
            except CairnError as error:
                _LOG.warning("not published meanwhile: %s", error)
        took_seconds = self._clock() - began_at
        self._next_at = self._clock() + max(_EVERY_SECONDS, took_seconds / _SHARE)
