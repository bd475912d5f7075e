"""The log of decisions: what is in it, and adding to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from data.decisions.decision import Decision, Entry, made
from data.decisions.file import WAIT_SECONDS, DecisionFile

FILE = "decisions.db"

Refuse = Callable[[Sequence[Decision], datetime], object]
"""Is given all decisions of the kind there are, and the time; raises if one more may not be."""


class Book:
    """The decisions of one folder, of all kinds. Reading never makes the file."""

    def __init__(self, folder: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        """Names the folder; `wait_seconds` is how long another writer is waited for."""
        self._file = DecisionFile(folder / FILE, wait_seconds)

    def decisions(
        self, as_of: datetime | None = None, kind: str | None = None
    ) -> tuple[Decision, ...]:
        """All decisions in their order; with a time, those made until then; or of one kind.

        Raises:
            DecisionsRefused: if the file cannot be read.
        """
        if not self._file.path.exists():
            return ()
        with self._file.reading() as log:
            return log.all(as_of, kind)

    def add(
        self, entry: Entry, decided_at: datetime | None = None, refuse: Refuse | None = None
    ) -> Decision:
        """Adds one decision, as `add_all` does."""
        return self.add_all((entry,), decided_at, refuse)[0]

    def add_all(
        self,
        entries: Sequence[Entry],
        decided_at: datetime | None = None,
        refuse: Refuse | None = None,
    ) -> tuple[Decision, ...]:
        """Adds decisions of one kind, all or none. What is in the log already is one with it.

        Args:
            entries: what is decided; at least one.
            decided_at: when; default: when nobody else writes any more.
            refuse: asked when nobody else can write any more, so that of two that exclude
                each other the second is refused.

        Raises:
            DecisionsRefused: if the file cannot be written.
            CairnError: what `refuse` raises; then nothing is written.
        """
        kind = entries[0].kind
        if refuse is not None and not self._file.path.exists():
            refuse((), decided_at or datetime.now(UTC))  # what is refused makes no file
        with self._file.writing() as log:
            at = decided_at or datetime.now(UTC)
            told = [made(entry, at) for entry in entries]
            known = log.known([one.id for one in told])
            new = {one.id: one for one in told if one.id not in known}
            if new and refuse is not None:
                refuse(log.all(kind=kind), at)
            log.add(tuple(new.values()))
            return tuple(told)
