"""What the disk or DuckDB refuses, told in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.errors import CairnError

_DAMAGE = (
    "Corrupt",
    "not a valid DuckDB database",
    "Could not read enough bytes",
    "replaying WAL",
    "with version number",
    "deserialize",
)
_REFUSALS = (
    duckdb.IOException,
    duckdb.TransactionException,
    duckdb.FatalException,
    duckdb.OutOfMemoryException,
)
_LOCKED = re.compile(r"Could not set lock.*?(PID \d+)", re.DOTALL)
_FILE_AND_REASON = re.compile(r'file \\?"([^"\\]+)\\?": ([^"\\\n]+)')


class StoreRefused(CairnError):
    """The disk refused to be written or read. What was committed before is safe."""


class WorkingDamaged(CairnError):
    """The working database is missing, or is not what was written."""


@contextmanager
def storing(folder: Path) -> Iterator[None]:
    """Turns what the disk or the working database refuses inside the block into one line.

    Raises:
        StoreRefused: no space, no right, or no answer.
        WorkingDamaged: the working database cannot be read.
    """
    try:
        yield
    except (OSError, duckdb.Error) as error:
        told = refusal(error, folder)
        if told is None:
            raise
        raise told from error


def refusal(error: OSError | duckdb.Error, folder: Path) -> StoreRefused | WorkingDamaged | None:
    """The refusal that an exception tells of; None if it is a mistake in the program.

    Args:
        error: as the system or DuckDB raised it.
        folder: where it happened, if the exception does not say.
    """
    if isinstance(error, OSError):
        return refused(error.strerror or type(error).__name__, str(error.filename or folder))
    text = str(error)
    if is_damage(error):
        return damaged(f"is damaged ({first_line(error)})", str(folder))
    if not isinstance(error, _REFUSALS):
        return None
    if locked := _LOCKED.search(text):
        return refused(f"another program has the database open: {locked[1]}", str(folder))
    found = _FILE_AND_REASON.search(text)
    return refused(found[2], found[1]) if found else refused(first_line(error), str(folder))


def is_damage(error: duckdb.Error) -> bool:
    """Whether DuckDB read something that it did not write."""
    return any(mark in str(error) for mark in _DAMAGE)


def refused(why: str, where: str) -> StoreRefused:
    """The error of a disk that says no."""
    fix = "mend that, then run the same command again; nothing is lost"
    return StoreRefused(f"cannot be used ({why})", where, fix)


def damaged(why: str, where: str) -> WorkingDamaged:
    """The error of a working database that cannot be read."""
    fix = "run `cairn rebuild` to derive it again from the archive"
    return WorkingDamaged(f"the working database {why}", where, fix)


def first_line(error: Exception) -> str:
    """What an exception says, without the rest of the story."""
    return (str(error).splitlines() or [type(error).__name__])[0]
