"""A registry that is read as the house does, one reading after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from connectors.http.retry import Timing
from connectors.interface import Batch, Context, Cursor
from connectors.oci.connector import Oci
from connectors.oci.settings import OciSettings
from data.model import Artifact, ArtifactTag, Gap, Record
from tests.connectors.loopback import FakeTime

Kind = TypeVar("Kind", bound=Record)


@dataclass
class Read:
    """What one reading came to."""

    rows: list[Record] = field(default_factory=list)
    standing: list[Gap] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [row for row in self.rows if isinstance(row, kind)]

    @property
    def moves(self) -> dict[str, ArtifactTag]:
        return {f"{row.repository}:{row.tag}": row for row in self.of(ArtifactTag)}

    @property
    def images(self) -> dict[str, Artifact]:
        return {row.digest: row for row in self.of(Artifact)}

    @property
    def gaps(self) -> list[Gap]:
        return [*self.of(Gap), *self.standing]


class Reader:
    """Reads a source again and again, an hour apart, and keeps its cursors."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.settings = settings
        self.time = FakeTime()
        self.cursors: dict[str, Cursor] = {}

    @property
    def context(self) -> Context:
        return Context(
            folder=self.folder,
            mirrors=self.folder / "mirrors",
            hotfix_pattern="^hotfix",
            clock=self.time.now,
            progress=lambda what, done, total: None,
            sleep=self.time.sleep,
        )

    def connector(self) -> Oci:
        timing = Timing(self.time.now, self.time.sleep, lambda: 0.0)
        settings = OciSettings.model_validate(self.settings)
        return Oci("images", settings, self.context, timing)

    def read(self) -> Read:
        self.time.at += timedelta(hours=1)
        return self.read_by(self.connector())

    def read_by(self, connector: Oci) -> Read:
        found = Read()
        for stream in connector.discover():
            for item in connector.pull(stream, self.cursors.get(stream.name)):
                if isinstance(item, Batch):
                    self.cursors[stream.name] = item.cursor
                    found.payloads.append(item.payload)
                    found.rows += connector.rows(stream.name, item.payload)
                else:
                    found.standing.append(item)
        return found
