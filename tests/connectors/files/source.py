"""A source of files in a folder, read by the real driver into the real store."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from connectors.files.connector import FileConnector
from connectors.interface import Context
from connectors.sync import SourceResult
from data.model import Gap, Record
from tests.connectors.house import House

OUTPUTS = Path(__file__).parent / "outputs"
"""What the real tools wrote."""

NOW = datetime(2026, 11, 23, tzinfo=UTC)

R = TypeVar("R", bound=Record)


def output(name: str) -> bytes:
    """One file of a real tool."""
    return (OUTPUTS / name).read_bytes()


class FileSource:
    """A folder, the connector that reads it, and what came of it. Each sync is by a new one."""

    def __init__(self, kind: type[FileConnector], folder: Path, **settings: Any) -> None:
        self.kind = kind
        self.folder = folder
        self.settings = {"path": "files"} | settings
        self.house = House(folder / "house")
        (folder / "files").mkdir(exist_ok=True)

    def connector(self) -> FileConnector:
        settings = self.kind.Settings.model_validate(self.settings)
        return self.kind("shop", settings, self.context)

    @property
    def context(self) -> Context:
        return Context(
            folder=self.folder,
            mirrors=self.folder / "mirrors",
            hotfix_pattern="hotfix",
            clock=lambda: NOW,
            progress=lambda what, done, total: None,
        )

    def write(self, files: Mapping[str, bytes | str]) -> None:
        """Puts files into the folder."""
        for name, content in files.items():
            path = self.folder / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def sync(self) -> SourceResult:
        return self.house.sync(self.connector(), self.context)

    def read(self, files: Mapping[str, bytes | str]) -> FileSource:
        """Writes files and reads them."""
        self.write(files)
        assert not self.sync().errors
        return self

    def all(self, kind: type[R]) -> list[R]:
        """The rows of an entity, by their ids."""
        found = [row for row in self.house.records().values() if isinstance(row, kind)]
        return sorted(found, key=lambda row: row.id)

    def one(self, kind: type[R], end: str) -> R:
        """The row whose id ends so."""
        (found,) = (row for row in self.all(kind) if row.id.endswith(end))
        return found

    def told(self) -> list[str]:
        """What the gaps say."""
        return sorted(f"{gap.reason}: {gap.what}" for gap in self.house.gaps())

    def gaps(self) -> list[Gap]:
        return self.house.gaps()

    def everything(self) -> str:
        """All that is stored, as text."""
        return self.house.everything()

    def close(self) -> None:
        self.house.close()


def made(kind: type[FileConnector], folder: Path, **settings: Any) -> Any:
    """A source that is closed at the end of a `with`."""
    return closing(FileSource(kind, folder, **settings))
