"""Copies of the checkpoints elsewhere: what the log's own machine cannot take back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from data.durable import READABLE, write_whole
from data.ledger.key import VKEY
from data.ledger.place import Place, checkpoint_files
from data.ledger.refusal import LedgerBroken, LedgerRefused

_GIT_SECONDS = 60
_OURS = (":(glob)*.checkpoint", VKEY)
_AS = ("-c", "user.name=Cairn ledger", "-c", "user.email=cairn@localhost")


class CopyRefused(LedgerRefused):
    """A checkpoint could not be copied; the next append tries again. No entry is lost."""


def copied(place: Place, folders: Sequence[Path], repository: Path | None) -> list[CopyRefused]:
    """Copies what each folder lacks, and commits it; returns what could not be done."""
    refused = [
        refusal for folder in folders if (refusal := _told(place, folder, is_repository=False))
    ]
    if repository is not None and (refusal := _told(place, repository, is_repository=True)):
        refused.append(refusal)
    return refused


def refuse_orphans(folders: Sequence[Path]) -> None:
    """Makes sure that no folder tells of a log, before a new one begins.

    Raises:
        LedgerBroken: if one does: that log is gone.
    """
    for folder in folders:
        size = max(checkpoint_files(folder), default=0)
        if size or (folder / VKEY).exists():
            what = f"it tells of a log of {size:,} entries, and none is here"
            fix = "bring that log back; or give a new one its own `origin` and empty folders"
            raise LedgerBroken(what, str(folder), fix)


def lacking(place: Place, folder: Path) -> Iterator[Path]:
    """The files of the log's checkpoints, and of its key, that a folder does not have."""
    there = checkpoint_files(folder)
    for size, path in checkpoint_files(place.checkpoints).items():
        if size not in there:
            yield path
    vkey = place.folder / VKEY
    if vkey.exists() and not (folder / VKEY).exists():
        yield vkey


def _told(place: Place, folder: Path, *, is_repository: bool) -> CopyRefused | None:
    try:
        if not folder.is_dir():
            return CopyRefused(
                "a checkpoint could not be copied: there is no such folder",
                str(folder),
                "make it, or change `[ledger]`; the next append tries again",
            )
        if _is_of_another_log(place, folder):
            return CopyRefused(
                "a checkpoint could not be copied: the folder has the key of another log",
                str(folder),
                "name a folder of its own under `[ledger]`; the next append tries again",
            )
        _write(place, folder)
        if is_repository:
            _commit(folder)
    except OSError as error:
        what = f"a checkpoint could not be copied ({error.strerror or type(error).__name__})"
        fix = "mend that; the next append tries again"
        return CopyRefused(what, str(error.filename or folder), fix)
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or type(error).__name__
        first = (str(said).strip().splitlines() or ["git failed"])[0]
        what = f"a checkpoint could not be committed ({first})"
        return CopyRefused(what, str(folder), "mend that; the next append tries again")
    return None


def _is_of_another_log(place: Place, folder: Path) -> bool:
    ours, theirs = place.folder / VKEY, folder / VKEY
    return ours.exists() and theirs.exists() and ours.read_bytes() != theirs.read_bytes()


def _write(place: Place, folder: Path) -> None:
    """Never over a file that is there: if it says otherwise, a check must find that."""
    for path in list(lacking(place, folder)):
        write_whole(folder / path.name, path.read_bytes(), mode=READABLE)


def _commit(folder: Path) -> None:
    waiting = _git(folder, "status", "--porcelain", "--untracked-files=all", "--", *_OURS)
    if waiting.strip():
        size = max(checkpoint_files(folder), default=0)
        _git(folder, "add", "--", *_OURS)
        _git(folder, *_AS, "commit", "--quiet", "-m", f"Checkpoint of {size} entries", "--", *_OURS)


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words],
        check=True,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_GIT_SECONDS,
    )
    return done.stdout
