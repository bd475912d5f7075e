"""What the log refuses, and what disk and database refuse it, told in one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.durable import is_no_file
from data.errors import CairnError, WrongQuestion

_KNOWN = (
    ("locked", "another process is writing to it", "try again when that has ended"),
    ("disk is full", "the disk is full", "make room, then append again"),
    ("disk I/O", "the disk failed", "mend that, then append again"),
    ("readonly", "it may not be written", "give this user the right to write it"),
    ("unable to open", "it cannot be opened", "give this user the rights to it and its folder"),
)


class LedgerRefused(CairnError):
    """The log could not be read or written. What was appended before is kept."""


class LedgerBroken(CairnError):
    """The log is not what was signed: nothing is appended to it, and nothing signed."""


class NotInLedger(WrongQuestion):
    """The log is asked for something that it does not hold."""


class WrongKey(WrongQuestion):
    """A log is to be checked with something that is no public key."""


class WrongCheckpoint(WrongQuestion):
    """A log is to be held against something that is no checkpoint."""


class EventRefused(WrongQuestion):
    """An event that cannot be written down as it is."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns what the disk or the database says inside the block into one line.

    Raises:
        LedgerRefused: no space, no right, or no answer.
        LedgerBroken: the file is no database, or a damaged one.
    """
    try:
        yield
    except OSError as error:
        what = f"cannot be used ({error.strerror or type(error).__name__})"
        where = str(error.filename or path)
        raise LedgerRefused(what, where, "mend that, then run the same command again") from error
    except (sqlite3.Error, UnicodeDecodeError) as error:  # of what sqlite3 would say
        raise refusal(error, path) from error


def refuse_no_file(path: Path) -> None:
    """Makes sure that nothing but a file is opened; one that is not there is no matter of this.

    Raises:
        LedgerBroken: if a folder, a pipe or a socket lies there.
    """
    if is_no_file(path):
        fix = "see who put it there, then bring the file back from a copy"
        raise LedgerBroken(f"`{path.name}` is no file", str(path), fix)


def refusal(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> CairnError:
    """The line for what the database said."""
    said = str(error)
    if isinstance(error, sqlite3.IntegrityError):
        fix = "look at what was appended meanwhile, then try again"
        return LedgerRefused(f"the log refuses that: {said}", str(path), fix)
    for sign, what, fix in _KNOWN:
        if sign in said:
            return LedgerRefused(what, str(path), fix)
    fix = "run `cairn audit verify`, and bring it back from a copy"
    return LedgerBroken(f"it is damaged ({said})", str(path), fix)
