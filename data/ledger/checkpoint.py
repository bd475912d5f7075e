"""What is signed about a log: a checkpoint (c2sp.org/tlog-checkpoint), a seal, a begun append."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from data.ledger.note import NoNote, NoteRefused, Signer, Verifier, opened
from data.ledger.tree import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many entries a log holds, and the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Seal:
    """The hash that the file of a log had when it held so many entries."""

    origin: str
    size: int
    sha256: str

    def __str__(self) -> str:
        return f"{_purpose(self.origin, 'seal')}\n{self.size}\n{self.sha256}\n"


def signed(what: Checkpoint | Seal, key: Signer) -> str:
    """The note of a checkpoint or seal."""
    return key.sign(str(what))


def begun(at: Checkpoint, key: Signer) -> str:
    """The note that says that an append began there. It is no checkpoint, by its first line."""
    return key.sign(str(Checkpoint(_purpose(at.origin, "append"), at.size, at.root)))


def read_checkpoint(note: str, known: Sequence[Verifier]) -> Checkpoint:
    """The checkpoint that a note tells.

    Raises:
        NoteRefused: if none of the known keys vouches for it, or it is another note.
    """
    origin, size, encoded = _three_lines(opened(note, known), "checkpoint")
    try:
        root = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteRefused("its root is no hash") from error
    found = Checkpoint(origin, size, root)
    if len(root) != HASH_BYTES or origin not in {key.name for key in known}:
        raise NoteRefused("it is no checkpoint of this log")
    return found


def read_begun(note: str, known: Sequence[Verifier]) -> Checkpoint:
    """Where an append began.

    Raises:
        NoteRefused: as `read_checkpoint` does.
    """
    origin, size, encoded = _three_lines(opened(note, known), "note of an append")
    if origin not in {_purpose(key.name, "append") for key in known}:
        raise NoteRefused("it is no note of an append to this log")
    return Checkpoint(origin.rpartition(" ")[0], size, base64.b64decode(encoded))


def read_seal(note: str, known: Sequence[Verifier]) -> Seal:
    """The seal that a note tells.

    Raises:
        NoteRefused: as `read_checkpoint` does.
    """
    origin, size, sha256 = _three_lines(opened(note, known), "seal")
    if origin not in {_purpose(key.name, "seal") for key in known} or not _SHA256.fullmatch(sha256):
        raise NoteRefused("it is no seal of this log")
    return Seal(origin.rpartition(" ")[0], size, sha256)


def _purpose(origin: str, word: str) -> str:
    """First line of a note that is no checkpoint: no origin has a space in it."""
    return f"{origin} {word}"


def _three_lines(text: str, what: str) -> tuple[str, int, str]:
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]) or not _SIZE.fullmatch(lines[1]):
        raise NoNote(f"it is no {what}")
    return lines[0], int(lines[1]), lines[2]
