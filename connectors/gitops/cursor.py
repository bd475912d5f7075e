"""How far a configuration repository has been read: what the cursor of its stream means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from connectors.git.state import State
from connectors.gitops.losses import Loss
from connectors.interface import Cursor


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that is missing in the repository as it was when it was read to its end."""

    key: str
    reason: str
    what: str
    fix: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """The cursor, with names. What runs is not in it: the files of `head` say that."""

    boundary: str
    """Digest of where a shallow clone was cut off."""
    head: str = ""
    """Newest mainline commit whose page is read."""
    ref: str | None = None
    """Ref of the mainline; None where HEAD is detached."""
    committed_at: str | None = None
    """When it was committed, as its page says."""
    commits: int = 0
    """How many mainline commits that makes."""
    fetched: str | None = None
    """When somebody had last fetched into the repository; None while pages are still due."""
    held: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """What files that could not be read at `head` said before."""
    losses: Sequence[Loss] = ()
    """What could not be read so far."""
    absent: Sequence[str] = ()
    """Objects that could not be had; once they can, everything is read anew."""
    notices: Sequence[Notice] = ()
    is_complete_reading: bool = False
    """Whether pages are still due, and belong to a complete reading."""

    @classmethod
    def of(cls, cursor: Cursor | None) -> Position | None:
        """Reads what `cursor` wrote, also after a trip through JSON; None if that was not it."""
        if cursor is None or set(cursor) != set(cls.__slots__):
            return None
        notices = tuple(Notice(**notice) for notice in cursor["notices"])
        losses = tuple(Loss(**loss) for loss in cursor["losses"])
        return cls(**{**cursor, "notices": notices, "losses": losses})

    def cursor(self) -> Cursor:
        """JSON-able form."""
        return asdict(self)

    @property
    def time(self) -> datetime | None:
        """When the newest commit read was committed."""
        return datetime.fromisoformat(self.committed_at) if self.committed_at else None

    def is_at(self, state: State) -> bool:
        """Whether all that `state` shows has been read."""
        if self.is_complete_reading:
            return False
        mine = (self.head, self.fetched, self.boundary)
        return mine == (state.head, state.fetched, state.boundary_digest)
