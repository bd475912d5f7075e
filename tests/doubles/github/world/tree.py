"""The files of a repository's default branch as Git keeps them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from tests.doubles.github.world.repository import Repository


@dataclass(frozen=True)
class Entry:
    """A file or a folder."""

    path: str
    content: bytes
    is_folder: bool = False

    @property
    def mode(self) -> str:
        return "040000" if self.is_folder else "100644"

    @property
    def sha(self) -> str:
        """A file's is what Git gives it; a folder's changes with what is in it."""
        kind = "tree" if self.is_folder else "blob"
        head = f"{kind} {len(self.content)}\0".encode()
        return hashlib.sha1(head + self.content, usedforsecurity=False).hexdigest()


def entries(repository: Repository) -> list[Entry]:
    """All files and folders by path."""
    files = repository.files
    folders = {
        str(folder)
        for path in files
        for folder in PurePosixPath(path).parents
        if str(folder) != "."
    }
    found = [Entry(path, content) for path, content in files.items()]
    for folder in folders:
        inside = sorted(e.path + e.sha for e in found if e.path.startswith(f"{folder}/"))
        found.append(Entry(folder, "\n".join(inside).encode(), is_folder=True))
    return sorted(found, key=lambda entry: entry.path)


def children(repository: Repository, folder: str) -> list[Entry]:
    """What lies directly in a folder; the root is an empty name."""
    parent = folder or "."
    return [e for e in entries(repository) if str(PurePosixPath(e.path).parent) == parent]
