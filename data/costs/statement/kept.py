"""What closed statements say, kept for ever: each below its hash, in the archive."""

from __future__ import annotations

from pathlib import Path

from data.costs.statement.content import Statement, read
from data.costs.statement.refusal import StatementDamaged
from data.store.archive import Archive, ArchiveDamaged


class Kept:
    """Closed statements in the archive of one workspace."""

    def __init__(self, archive: Path) -> None:
        """Names the folder of the archive."""
        self._archive = Archive(archive)

    def put(self, statement: Statement) -> str:
        """Keeps a statement and returns its SHA-256. Only the one writer may."""
        return self._archive.put(statement.written())

    def get(self, sha256: str) -> Statement:
        """What was kept, checked against its hash.

        Raises:
            StatementDamaged: if it is missing, or is not what was kept.
        """
        try:
            return read(self._archive.get(sha256))
        except ArchiveDamaged as error:
            what = "the lines of a closed month are missing or damaged"
            raise StatementDamaged(what, error.where, "put it back from a backup") from error
