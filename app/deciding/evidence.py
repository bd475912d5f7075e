"""Evidence that comes without a path: files sent from a browser are kept in the data folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from data.decisions.evidence import Evidence, EvidenceRefused, take
from data.durable import write_whole
from data.store.workspace import Workspace

FOLDER = "evidence"
Upload = tuple[str, bytes]
"""The name that a file had, and its bytes."""


@contextmanager
def keeping(
    workspace: Workspace, links: Sequence[str], files: Sequence[Upload]
) -> Iterator[tuple[Evidence, ...]]:
    """Takes links and files. Files that are new are removed again if the block raises.

    Args:
        workspace: in whose folder they are kept, under their hash.
        links: addresses.
        files: what was sent.

    Raises:
        EvidenceRefused: if one is no evidence, or cannot be kept.
    """
    new: list[Path] = []
    try:
        for link in links:
            _refuse_path(link)
        paths = [_write(workspace, one, new) for one in files]
        yield tuple(take(one, workspace.folder) for one in (*links, *map(str, paths)))
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise


def _refuse_path(link: str) -> None:
    """No page tells whether there is a file at a path of the machine that serves it."""
    if "://" not in link:
        raise EvidenceRefused(
            f"`{link[:80]}` is no link", "", "name it with https:// and host, or send the file"
        )


def _write(workspace: Workspace, one: Upload, new: list[Path]) -> Path:
    name, content = one
    told = f"{hashlib.sha256(content).hexdigest()[:16]}-{_harmless(name)}"
    path = workspace.folder / FOLDER / told
    try:
        if path.exists():
            _refuse_altered(path, content)
            return path
        write_whole(path, content)
    except OSError as error:
        what = f"cannot be kept ({error.strerror})"
        raise EvidenceRefused(what, str(path), "mend that, or name a link") from error
    new.append(path)
    return path


def _refuse_altered(path: Path, content: bytes) -> None:
    """What is attested is what was sent, not what became of a file that was sent before."""
    if path.read_bytes() != content:
        what = "it was sent before, and what was kept then is not the same any more"
        raise EvidenceRefused(what, str(path), "find out why, or send it under another name")


def _harmless(name: str) -> str:
    """The last part of a name, with letters, digits, dots and dashes alone."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[^\w.-]+", "_", last).strip("._")[-80:] or "file"
