"""A file that holds a signed note: what it tells, if the key of the log vouches for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from data.ledger.note import NoteRefused, Verifier
from data.ledger.refusal import LedgerBroken, refuse_no_file

Told = TypeVar("Told")
LOOK = "run `cairn audit verify`: it says what is wrong"


def read_file(
    path: Path, read: Callable[[str, Sequence[Verifier]], Told], key: Verifier
) -> tuple[str, Told]:
    """The note in a file, and what it tells.

    Raises:
        LedgerBroken: if it is gone, no file, or not what the key has signed.
    """
    refuse_no_file(path)
    try:
        note = path.read_bytes().decode()
        return note, read(note, [key])
    except FileNotFoundError as error:
        raise LedgerBroken("it is gone", str(path), LOOK) from error
    except (NoteRefused, UnicodeDecodeError) as error:
        raise LedgerBroken(str(error), str(path), LOOK) from error
