"""A folder of tables that is imported as the house does, one reading after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.interface import Batch, Context, Cursor
from connectors.tables.connector import TableFiles
from connectors.tables.settings import TableSettings
from data.model import Gap, ImportedValue, Record
from tests.connectors.loopback import FakeTime

TRAINING: Mapping[str, Any] = {
    "path": "imports/*",
    "columns": {"team": "Team", "value": "Hours", "from_at": "Month"},
    "constants": {"measure": "training_attended", "unit": "hours"},
    "period": "month",
}


@dataclass
class Import:
    """What one reading came to."""

    rows: list[Record] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    standing: list[Gap] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)

    @property
    def values(self) -> list[ImportedValue]:
        return [row for row in self.rows if isinstance(row, ImportedValue)]


class Importer:
    """Imports the files below a folder, and keeps the cursors."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.settings = {**TRAINING, **settings}
        self.cursors: dict[str, Cursor] = {}
        (folder / "imports").mkdir(exist_ok=True)

    def write(self, content: str | bytes, name: str = "training.csv") -> Path:
        path = self.folder / "imports" / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def connector(self) -> TableFiles:
        time = FakeTime()
        context = Context(
            folder=self.folder,
            mirrors=self.folder / "mirrors",
            hotfix_pattern="^hotfix",
            clock=time.now,
            progress=lambda what, done, total: None,
        )
        return TableFiles("people", TableSettings.model_validate(self.settings), context)

    def read(self) -> Import:
        found, connector = Import(), self.connector()
        for stream in connector.discover():
            for item in connector.pull(stream, self.cursors.get(stream.name)):
                if isinstance(item, Gap):
                    found.standing.append(item)
                    continue
                self.cursors[stream.name] = item.cursor
                found.batches.append(item)
                for row in connector.rows(stream.name, item.payload):
                    if isinstance(row, Gap):
                        found.gaps.append(row)
                    else:
                        found.rows.append(row)
        return found

    def refusals(self, content: str | bytes, name: str = "training.csv") -> str:
        """What is told of the one file, whose refused rows are in question."""
        self.write(content, name)
        found = self.read()
        return "".join(gap.what for gap in [*found.gaps, *found.standing])
