"""What closed statements say, kept for ever: each below its hash, in the archive."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from data.costs.statement.content import Statement, read
from data.costs.statement.month import named
from data.costs.statement.refusal import StatementDamaged
from data.decisions.cost_period import Closing
from data.store.archive import Archive, ArchiveDamaged

_FIX = "put it back from a backup"


class Kept:
    """Closed statements in the archive of one workspace."""

    def __init__(self, archive: Path) -> None:
        """Names the folder of the archive."""
        self._archive = Archive(archive)

    def put(self, statement: Statement) -> str:
        """Keeps a statement and returns its SHA-256. Only the one writer may."""
        return self._archive.put(statement.written())

    def get(self, closing: Closing) -> Statement:
        """What was kept when a month was closed, held against what the decision says of it.

        Raises:
            StatementDamaged: naming the month, if it is missing, or is not what was kept.
        """
        month = named(closing.month)
        try:
            found = read(self._archive.get(closing.sha256))
        except ArchiveDamaged as error:
            what = f"the lines of {month}, which is closed, are not to be had: {error.what}"
            raise StatementDamaged(what, error.where, _FIX) from error
        except ValueError as error:
            what = f"what was kept of {month} is no statement"
            raise StatementDamaged(what, "decisions.db", _FIX) from error
        if found.month != closing.month:
            what = f"what was kept of {month} is the statement of {named(found.month)}"
            raise StatementDamaged(what, "decisions.db", _FIX)
        said = {currency: Decimal(text) for currency, text in closing.totals.items()}
        if found.totals != said:
            what = f"the lines of {month} do not add up to what was decided when it was closed"
            raise StatementDamaged(what, "decisions.db", _FIX)
        return found
