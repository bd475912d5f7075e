"""Where everything of one Cairn lies: a folder with `cairn.toml` and `store/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data.errors import CairnError


class WorkspaceRefused(CairnError):
    """No data can be kept in a folder of that name."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder that `--data` names, and the places inside it.

    Raises:
        WorkspaceRefused: if databases cannot lie in a folder of that name.
    """

    folder: Path

    def __post_init__(self) -> None:
        if "?" in str(self.folder):  # DuckDB takes what follows for settings
            raise WorkspaceRefused(
                "a data folder cannot have `?` in its path", str(self.folder), "name another folder"
            )

    @property
    def configuration(self) -> Path:
        """The configuration file."""
        return self.folder / "cairn.toml"

    @property
    def store(self) -> Path:
        """All that Cairn writes by itself."""
        return self.folder / "store"

    @property
    def archive(self) -> Path:
        """Raw pages by content hash, and the log of what was read when."""
        return self.store / "archive"

    @property
    def mirrors(self) -> Path:
        """Clones of sources that are named by address."""
        return self.store / "mirrors"

    @property
    def bills(self) -> Path:
        """The lines of bills, a file a bill, named by what it was made of."""
        return self.archive / "bills"

    @property
    def working(self) -> Path:
        """The writer's own database. Nobody else opens it."""
        return self.store / "working.duckdb"

    @property
    def snapshots(self) -> Path:
        """Published, read-only databases."""
        return self.store / "snapshots"

    @property
    def spill(self) -> Path:
        """Where readers put what does not fit into memory; empty or gone between queries."""
        return self.store / "reading.tmp"

    @property
    def current(self) -> Path:
        """Names the snapshot that readers open."""
        return self.store / "CURRENT"

    @property
    def pins(self) -> Path:
        """Names the snapshots that retention must keep, one a line."""
        return self.store / "PINNED"

    @property
    def lock(self) -> Path:
        """Held by the one writer."""
        return self.store / "writer.lock"
