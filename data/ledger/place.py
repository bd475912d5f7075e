"""Where the parts of a log lie: one folder beside the store."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = "ledger"
"""Its name in the data folder."""

_CHECKPOINT = re.compile(r"([0-9]{12}|[1-9][0-9]{12,})\.checkpoint")


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of a log."""

    folder: Path

    @property
    def database(self) -> Path:
        """The entries."""
        return self.folder / "ledger.db"

    @property
    def journal(self) -> Path:
        """What SQLite keeps while it writes; after a crash it undoes with it what was begun."""
        return self.folder / "ledger.db-journal"

    @property
    def lock(self) -> Path:
        """Held by whoever reads or writes."""
        return self.folder / "ledger.lock"

    @property
    def seal(self) -> Path:
        """The signed hash of the database file."""
        return self.folder / "ledger.seal"

    @property
    def begun(self) -> Path:
        """Says where an append began, while it lasts: what a crash leaves is no attack."""
        return self.folder / "ledger.begun"

    @property
    def checkpoints(self) -> Path:
        """One signed note an append."""
        return self.folder / "checkpoints"

    @property
    def people(self) -> Path:
        """Which account each pseudonym stands for."""
        return self.folder / "people.db"

    @property
    def people_journal(self) -> Path:
        """What a crash leaves of a change to that; SQLite undoes it with the next one."""
        return self.folder / "people.db-journal"

    @property
    def people_key(self) -> Path:
        """The key that pseudonyms are made with."""
        return self.folder / "people.key"

    def checkpoint(self, size: int) -> Path:
        """The checkpoint of a log of that size."""
        return self.checkpoints / f"{size:012d}.checkpoint"


def checkpoint_files(folder: Path) -> dict[int, Path]:
    """The checkpoints in a folder by the size their name tells, smallest first."""
    found = {
        int(named[1]): path
        for path in folder.glob("*.checkpoint")
        if (named := _CHECKPOINT.fullmatch(path.name))
    }
    return dict(sorted(found.items()))
