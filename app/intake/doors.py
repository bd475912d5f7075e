"""The sources that take events, as `cairn.toml` says now."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import monotonic

from app.intake.committer import Committer
from app.intake.door import Door
from connectors.credential import Credential
from connectors.events.settings import EventsSettings
from data.configuration import ConfigurationError, load, validate_settings
from data.store.inbox import Inbox, inbox_of
from data.store.workspace import Workspace

_LOG = logging.getLogger(__name__)
_KIND = "events"
_LOOK_SECONDS = 0.5
"""Between two looks: each costs as much as all else that is done for an event."""


class Doors:
    """Looks at the file now and then, and reads it if it is another one."""

    def __init__(self, workspace: Workspace, clock: Callable[[], float] = monotonic) -> None:
        self._workspace = workspace
        self._clock = clock
        self._look_at = clock()
        self._committer = Committer()
        self._inboxes: dict[str, Inbox] = {}
        self._read: tuple[int, int, int] | None = None
        self._doors: dict[str, tuple[EventsSettings, Door]] = {}

    def now(self) -> Mapping[str, tuple[EventsSettings, Door]]:
        """The doors by their sources; those of before if the file cannot be read."""
        if self._clock() >= self._look_at:
            self._look()
            self._look_at = self._clock() + _LOOK_SECONDS
        return self._doors

    def _look(self) -> None:
        state = self._state()
        if state != self._read:
            self._read = state
            try:
                self._doors = self._made() if state else {}
            except ConfigurationError as error:
                _LOG.warning("the intake goes on as it was: %s", error)

    def _state(self) -> tuple[int, int, int] | None:
        try:
            found = self._workspace.configuration.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _made(self) -> dict[str, tuple[EventsSettings, Door]]:
        """A door a source; one whose settings are what they were keeps what it knows."""
        path = self._workspace.configuration
        made = {}
        for index, source in enumerate(load(path).source):
            if source.kind == _KIND:
                settings = validate_settings(EventsSettings, path, index, source.options)
                before = self._doors.get(source.name)
                is_same = before is not None and before[0] == settings
                door = before[1] if before and is_same else self._door(source.name, settings)
                made[source.name] = (settings, door)
        return made

    def _door(self, source: str, settings: EventsSettings) -> Door:
        credential = Credential(settings.reference, self._workspace.folder)
        inbox = self._inboxes.setdefault(source, inbox_of(self._workspace, source))
        return Door(settings, credential, inbox, self._committer)
