"""How far a repository's history has been read: what the cursor of its stream means."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.git.losses import Losses, add_losses
from connectors.git.state import State
from connectors.interface import Cursor


@dataclass(frozen=True, slots=True)
class Position:
    """The cursor of a history, with names. Between two pages it is as if the branch ended there."""

    ref: str | None
    """Of the mainline; None where HEAD is detached."""
    head: str | None
    """Newest mainline commit whose page is read."""
    position: int
    """Its ordinal."""
    commits: int
    """How many commits it contains."""
    boundary: str
    """Digest of where a shallow clone was cut off."""
    fetched: str | None
    """When somebody last fetched into the repository."""
    tags: str | None = None
    """Digest of the tags; None while pages are still due."""
    side_tips: tuple[str, ...] = ()
    """Newest of the commits that only tags reach."""
    absent: tuple[str, ...] = ()
    """Some of the commits at which history breaks off."""
    losses: Losses = field(default_factory=dict)
    """What the mainline's pages lack."""
    side_losses: Losses = field(default_factory=dict)
    """What the pages of commits that only tags reach lack: they are read again each time."""
    is_complete_reading: bool = False
    """Whether the pages still due belong to a complete reading."""

    @classmethod
    def of(cls, cursor: Cursor | None) -> Position | None:
        """Reads what `cursor` wrote, also after a trip through JSON; None if that was not it."""
        if cursor is None or set(cursor) != set(cls.__slots__):
            return None
        lists = {name: tuple(cursor[name]) for name in ("side_tips", "absent")}
        return cls(**{**cursor, **lists})

    def cursor(self) -> Cursor:
        """JSON-able form."""
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def all_losses(self) -> Losses:
        """What is known to be lacking."""
        return add_losses(self.losses, self.side_losses)

    def is_at(self, state: State) -> bool:
        """Whether all that `state` shows has been read."""
        mine = (self.ref, self.head, self.fetched, self.tags, self.boundary)
        seen = (state.ref, state.head, state.fetched, state.tags_digest, state.boundary_digest)
        return mine == seen
