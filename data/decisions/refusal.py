"""What the database of decisions refuses, told in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from data.errors import CairnError

_KNOWN = (
    ("database is locked", "another process is writing to it", "try again when that has ended"),
    ("disk is full", "the disk is full", "make room, then decide again: nothing was written"),
    ("readonly database", "it may not be written", "give this user the right to write it"),
    ("unable to open", "it cannot be opened", "give this user the rights to it and its folder"),
    ("not a database", "it is no database of decisions", "bring it back from a copy"),
    ("malformed", "it is damaged", "bring it back from a copy"),
    ("no such table", "it is no database of decisions", "bring it back from a copy"),
)


class DecisionsRefused(CairnError):
    """The database of decisions could not be read or written. What was decided before is kept."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns what the database says into one line.

    Raises:
        DecisionsRefused: saying what, where and what to do.
    """
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig)
        for sign, what, fix in _KNOWN:
            if sign in said:
                raise DecisionsRefused(what, str(path), fix) from error
        raise DecisionsRefused(f"it refused ({said})", str(path), "mend that") from error
