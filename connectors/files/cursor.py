"""How far a stream of files has been read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from connectors.files.file import Entry, Unread
from connectors.files.naming import Naming
from connectors.interface import Cursor
from data.model import Gap, GapReason

_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that is missing as long as the files are as they are."""

    key: str
    reason: str
    what: str
    fix: str
    count: int = 1

    def gap(self, naming: Naming, stream: str) -> Gap:
        """The same as a row."""
        gap = naming.gap(f"{stream}/{self.key}", GapReason(self.reason), self.what, self.fix)
        return replace(gap, count=self.count)


@dataclass(frozen=True, slots=True)
class Position:
    """The cursor, with names."""

    place: str
    """The folder or address that was read."""
    digest: str = ""
    """Inventories: of all the files that are being read."""
    pages: int = 0
    """Inventories: how many of its pages are read."""
    is_read: bool = False
    """Inventories: whether those are all."""
    shelves: Mapping[str, str] = field(default_factory=dict)
    """Results: digest of the files of each shelf that was read to its end."""
    elsewhere: Sequence[str] = ()
    """Results: other places that were read before."""
    notices: Sequence[Notice] = ()

    @classmethod
    def of(cls, cursor: Cursor | None) -> Position | None:
        """Reads what `cursor` wrote, also after a trip through JSON; None if that was not it."""
        if cursor is None or set(cursor) != set(cls.__slots__):
            return None
        notices = tuple(Notice(**notice) for notice in cursor["notices"])
        return cls(**{**cursor, "notices": notices})

    def cursor(self) -> Cursor:
        """JSON-able form."""
        return asdict(self)


def digest_of(entries: Iterable[Entry], *also: str) -> str:
    """Changes when one of the files does."""
    lines = [*also, *(f"{entry.path}\0{entry.signature}" for entry in entries)]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:16]


def notices_of(unread: Sequence[Unread], *, is_inventory: bool) -> tuple[Notice, ...]:
    """One each for the first files that could not be read, and one for the rest."""
    stays = "; what was read of it before stays"
    unread = sorted(unread, key=lambda each: each.path)
    told = [
        Notice(
            f"unread/{each.path}",
            each.reason.value,
            f"{_short(each.path)}: {each.what}"
            + (stays if each.is_passing or not is_inventory else ""),
            each.fix,
        )
        for each in unread[:_MOST_TOLD]
    ]
    rest = unread[_MOST_TOLD:]
    if rest:
        what = f"{len(rest)} further files could not be read, such as {_short(rest[0].path)}"
        told.append(Notice("unread", rest[0].reason.value, what, rest[0].fix, len(rest)))
    return tuple(told)


def _short(path: str) -> str:
    return path if len(path) <= 120 else f"{path[:40]}…{path[-79:]}"
