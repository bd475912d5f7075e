"""The stream `registry`: all that a registry holds, and what changed since it was last read."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from connectors.interface import Batch, Cursor, Json
from connectors.mlflow.api import Server
from connectors.mlflow.reading import MOST_CONFIRMED, RegistryReading, confirmed
from connectors.mlflow.state import Change, State, StateFiles
from data.model import Gap, GapReason

CHANGES_A_PAGE = 2000
Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how many are done and, if known, of how many."""


@dataclass(frozen=True, slots=True)
class _Position:
    """What a cursor says: the state that rows tell, and the one they are on their way to."""

    address: str
    state: str | None = None
    """Name of the state up to which all is told."""
    read_from: str | None = None
    """When the reading of it began."""
    earlier: str | None = None
    """Name of the state before: a cursor that is set back by one finds it."""
    following: str | None = None
    """Name of the state that is being told, page by page."""
    following_from: str | None = None
    header: Mapping[str, Json] | None = None
    """What its pages begin with."""
    done: int = 0
    """Changes that are told already."""

    def cursor(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in (None, 0)}

    def arrived(self) -> _Position:
        """Where it is once the state that is being told is told."""
        return _Position(self.address, self.following, self.following_from, self.state)


@dataclass(frozen=True, slots=True)
class Registry:
    """Reads a registry and tells what changed."""

    source: str
    server: Server
    files: StateFiles
    read: Callable[[], RegistryReading]
    changes_a_page: int = CHANGES_A_PAGE
    progress: Progress = lambda *_: None

    def pull(self, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields pages of changes, and then what this reading could not tell.

        Raises:
            HttpError: if the registry cannot be read.
        """
        position = _Position(**cursor) if cursor else _Position(self.server.address)
        self.files.keep_only({position.state, position.earlier, position.following})
        before, following = self.files.load(position.state), self.files.load(position.following)
        lost = self._lost(position, before, following)
        if lost:
            position, before = _Position(self.server.address), None
        elif following is not None:
            position = yield from self._tell(position, before, following)
            before = following
        asking = partial(self._say, "asked by name")
        reading = confirmed(self.server, self.read(), before, asking)
        name = self.files.save(reading.state)
        if name == position.state:
            self.files.note_seen(name, reading.began_at.isoformat())
        else:
            position = self._towards(position, name, reading, lost)
            yield from self._tell(position, before, reading.state)
        yield from self._gaps(reading)

    def _lost(
        self, position: _Position, before: State | None, following: State | None
    ) -> Mapping[str, Json] | None:
        """Why it is not known what was there, if something was."""
        if position.address != self.server.address:
            return {"why": "address", "since": None}
        if (position.state and before is None) or (position.following and following is None):
            return {"why": "file", "since": position.read_from or position.following_from}
        return None

    def _towards(
        self,
        position: _Position,
        name: str,
        reading: RegistryReading,
        lost: Mapping[str, Json] | None,
    ) -> _Position:
        known_from = position.read_from
        if position.state and known_from:
            known_from = self.files.last_seen(position.state, known_from)
        header = {
            "pages": self.server.pages,
            "lost": lost,
            "read_after_at": known_from,
            "read_before_at": reading.ended_at.isoformat(),
        }
        began = reading.began_at.isoformat()
        return replace(position, following=name, following_from=began, header=header)

    def _tell(
        self, position: _Position, before: State | None, after: State
    ) -> Generator[Batch, None, _Position]:
        """Yields the changes that are not told yet; one page also where there are none."""
        changes = list(after.changes_since(before))
        arrived = position.arrived()
        for done in range(position.done, max(len(changes), 1), self.changes_a_page):
            told = changes[done : done + self.changes_a_page]
            is_last = done + self.changes_a_page >= len(changes)
            going = arrived if is_last else replace(position, done=done + len(told))
            yield Batch(_page(position.header or {}, told), going.cursor(), is_last=is_last)
            self._say("changes", done + len(told), len(changes))
        return arrived

    def _say(self, what: str, done: int, total: int | None = None) -> None:
        self.progress(f"{self.source}: {what}", done, total)

    def _gaps(self, reading: RegistryReading) -> Iterator[Gap]:
        if reading.unreadable:
            what = f"{reading.unreadable} models or versions have no name or no version"
            yield self._gap("unreadable", GapReason.UNREADABLE, what, _LATE, reading.unreadable)
        if reading.withheld:
            what = (
                f"{reading.withheld} models or versions are listed no more and may not be asked "
                "for: they are told as they were last"
            )
            fix = "give the account the right to read all registered models"
            yield self._gap("withheld", GapReason.NO_PERMISSION, what, fix, reading.withheld)
        if reading.unconfirmed:
            what = (
                f"{reading.unconfirmed:,} versions are listed no more; at most {MOST_CONFIRMED:,} "
                "are asked for by name in one sync"
            )
            fix = "sync again until all are looked for"
            yield self._gap("unconfirmed", GapReason.TRUNCATED, what, fix, reading.unconfirmed)
        if not reading.has_all_versions:
            what = (
                "GitLab lists the newest version of each model alone, and no aliases or stages: "
                "older versions, promotions and deletions of versions are not known"
            )
            fix = "read deployments of models from where they are served"
            yield self._gap("subset", GapReason.TRUNCATED, what, fix, None)

    def _gap(self, key: str, reason: GapReason, what: str, fix: str, count: int | None) -> Gap:
        return Gap(
            id=f"mlflow:{self.source}#gap/registry/{key}",
            source=self.source,
            reason=reason,
            what=what,
            fix=fix,
            count=count,
        )


_LATE = "check that the server's version is one that is supported"


def _page(header: Mapping[str, Json], changes: Sequence[Change]) -> bytes:
    return json.dumps({**header, "changes": changes}, sort_keys=True).encode()
