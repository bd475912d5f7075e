"""A source that is one API with one credential: what streams ask with, how rows are named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from connectors.answers.understanding import LATE, UNREADABLE
from connectors.api.fields import LONGEST_NAME, name_of
from connectors.http.session import Http
from connectors.interface import Context, Json
from data.model import Gap, GapReason, Record


@dataclass(frozen=True, slots=True)
class ApiSource:
    """What the streams of such a source ask with and name their rows by."""

    kind: str
    """What ids of rows begin with."""
    source: str
    http: Http
    context: Context

    def row_id(self, *path: str | int) -> str:
        """A readable id, such as `pagerduty:oncall#incident/PT4KHLK`."""
        return row_id(self.kind, self.source, *path)

    def gap(
        self,
        key: str,
        reason: GapReason,
        what: str,
        fix: str,
        count: int | None = None,
        during: tuple[datetime | None, datetime | None] = (None, None),
    ) -> Gap:
        """Something that is missing.

        Args:
            key: tells it from other gaps of the source.
            reason: why it is missing.
            what: what is missing.
            fix: what a reader can do.
            count: how many things; null if that is not known.
            during: start and end of the time it covers.
        """
        return Gap(
            id=self.row_id("gap", key, reason.value),
            source=self.source,
            reason=reason.value,
            what=what,
            fix=fix,
            count=count,
            since_at=during[0],
            until_at=during[1],
        )

    def filter_ignored(self, stream: str, names: str) -> Gap:
        """A filter of a list that the server acts as if it had not heard."""
        what = f"the server ignores {names} of the list of {stream}, and sends more than asked for"
        fix = "nothing is lost; a version of the server that knows it is read faster"
        return self.gap(f"{stream}/filter", GapReason.FILTER_IGNORED, what, fix)

    def mapped(
        self, what: str, items: Iterable[Json], map_item: Callable[[Json], Iterable[Record]]
    ) -> Iterator[Record]:
        """The rows of the items of a page, and a gap in place of each that is not understood.

        Args:
            what: what an item is; with its `id` it is the end of its row's id.
            items: as told.
            map_item: maps one of them.
        """
        told: set[str] = set()
        for number, item in enumerate(items, start=1):
            try:
                rows = list(map_item(item))
            except UNREADABLE as error:
                name = name_of(item)
                key = f"number {number}" if name is None or name in told else name
                told.add(key)
                yield self.unreadable(f"{what}/{key}", error)
            else:
                yield from rows

    def unreadable(self, key: str, error: Exception) -> Gap:
        """Something that is not what it should be; `key` is the end of its row's id."""
        told = " ".join(f"{key} cannot be read: {type(error).__name__} {error}".split())
        return Gap(
            id=self.row_id("gap", key, GapReason.UNREADABLE.value),
            source=self.source,
            reason=GapReason.UNREADABLE.value,
            what=told[:LONGEST_NAME],
            fix=LATE,
            count=1,
            about=self.row_id(key),
        )

    def unsent(self, what: str, items: Iterable[Json], names: Iterable[str]) -> Iterator[Gap]:
        """A gap a field that may be null, but is still sent: where it is not, it was renamed."""
        told = [item for item in items if isinstance(item, dict)]
        for name in names:
            count = sum(name not in item for item in told)
            if count:
                said = f"{count} of {len(told)} of a page have no field {name!r}: {what}"
                key = f"{what}/field/{name}"
                yield self.gap(key, GapReason.UNREADABLE, said, LATE, count)


def row_id(kind: str, repository: str, *path: str | int) -> str:
    """A readable id, such as `gitlab:acme/web#merge_request/12`."""
    tail = "/".join(map(str, path))
    return f"{kind}:{repository}#{tail}" if tail else f"{kind}:{repository}"
