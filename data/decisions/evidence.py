"""Evidence for what a person attests: a link, or a file whose hash is kept with the decision."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from data.errors import WrongQuestion

MOST_BYTES = 100_000_000
_PIECE_BYTES = 1 << 20


class EvidenceRefused(WrongQuestion):
    """Something is named as evidence that can be none."""


class Kept(StrEnum):
    """What became of a piece of evidence since."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    """It is there, and cannot be read now: whether it is the same is unknown."""
    NOT_CHECKED = "not checked"
    """A link: Cairn asks no address that is no source."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A link, or a file as it was when it was attested."""

    place: str
    """The address; or the path, from the data folder if the file lies in it."""
    sha256: str | None = None
    """Of the file's bytes, in hexadecimal; None: a link."""
    size: int | None = None
    """Of the file, in bytes."""

    @property
    def is_file(self) -> bool:
        """Whether it is a file."""
        return self.sha256 is not None

    @property
    def told(self) -> str:
        """Its place for those outside: of a file out of the data folder its name alone."""
        is_elsewhere = self.is_file and Path(self.place).is_absolute()
        return Path(self.place).name if is_elsewhere else self.place

    def kept(self) -> dict[str, Any]:
        """As it is written into the log."""
        return asdict(self)


def evidence_of(value: Mapping[str, Any]) -> Evidence:
    """Reads it from the log."""
    return Evidence(value["place"], value["sha256"], value["size"])


def take(told: str, folder: Path, most_bytes: int = MOST_BYTES) -> Evidence:
    """Takes a link as it is, or a file with the hash of all its bytes.

    Args:
        told: an address that begins with `https://` or `http://`, or the path of a file.
        folder: the data folder; the path of a file in it is kept from there.
        most_bytes: largest file that is taken.

    Raises:
        EvidenceRefused: if it is no link, or a file that is missing, unreadable, empty, no file,
            too large, or changes while it is read.
    """
    if "://" in told:
        return _link(told.strip())
    path = Path(told).absolute()
    sha256, size = _read(path, most_bytes)
    place = path.resolve()
    home = folder.resolve()
    return Evidence(
        str(place.relative_to(home) if place.is_relative_to(home) else place), sha256, size
    )


def verify(evidence: Evidence, folder: Path) -> Kept:
    """Compares a file with the hash that was kept of it."""
    if evidence.sha256 is None or evidence.size is None:
        return Kept.NOT_CHECKED
    path = folder / evidence.place
    try:
        if path.stat().st_size != evidence.size:
            return Kept.CHANGED
        sha256, _ = _read(path, evidence.size)
    except (FileNotFoundError, NotADirectoryError):
        return Kept.MISSING
    except (EvidenceRefused, OSError):
        return Kept.UNREADABLE
    return Kept.SAME if sha256 == evidence.sha256 else Kept.CHANGED


def _link(address: str) -> Evidence:
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in ("https", "http") and bool(parts.hostname)
        has_secret = parts.username is not None or parts.password is not None
    except ValueError:
        is_whole = has_secret = False
    if has_secret:
        raise EvidenceRefused(
            "a link has a user or a password in it", "", "leave that out: it would be kept"
        )
    if not is_whole or not address.isprintable() or " " in address:
        raise EvidenceRefused(f"`{address[:80]}` is no link", "", "name it with https:// and host")
    return Evidence(address)


def _read(path: Path, most_bytes: int) -> tuple[str, int]:
    """Hash and size of a file that stays as it is meanwhile."""
    try:
        # A pipe without a writer would be waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(file.fileno())
            _check(before, path, most_bytes)
            sha256, size = _hash(file, before.st_size)
            after, named = os.fstat(file.fileno()), path.stat()
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise EvidenceRefused(what, str(path), "name a file that can") from error
    if size != before.st_size or len({_mark(one) for one in (before, after, named)}) > 1:
        raise EvidenceRefused(
            "changes while it is read", str(path), "wait until it is written, or copy it"
        )
    return sha256, size


def _check(found: os.stat_result, path: Path, most_bytes: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise EvidenceRefused("is no file", str(path), "name a file, or a link")
    if not found.st_size:
        raise EvidenceRefused("has nothing in it", str(path), "name a file that says something")
    if found.st_size > most_bytes:
        what = f"has {found.st_size:,} bytes, more than {most_bytes:,}"
        raise EvidenceRefused(what, str(path), "keep it elsewhere, and name a link")


def _hash(file: BinaryIO, expected_bytes: int) -> tuple[str, int]:
    """Of all that can be read; ends soon if the file grows meanwhile."""
    found, size = hashlib.sha256(), 0
    while size <= expected_bytes and (piece := file.read(_PIECE_BYTES)):
        found.update(piece)
        size += len(piece)
    return found.hexdigest(), size


def _mark(found: os.stat_result) -> tuple[int, ...]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
