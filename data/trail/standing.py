"""How a log stands at a glance: how far it reaches, what signed it last, when it was last checked.

A glance recomputes the root from stored hashes. It takes milliseconds, and finds a log that was cut
off or rewritten without its key; an altered entry only the whole check finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data.controls.ledger_checks import KIND
from data.errors import CairnError
from data.ledger.checkpoint import Checkpoint, read_checkpoint
from data.ledger.ledger import Ledger
from data.ledger.note import NoteRefused, Verifier
from data.ledger.place import checkpoint_files
from data.ledger.refusal import LedgerBroken, refuse_no_file
from data.trail.search import Trail


@dataclass(frozen=True, slots=True)
class Check:
    """A whole check of the log that the log itself tells of."""

    number: int
    """Of its entry."""
    at: datetime | None
    is_sound: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """The newest checkpoint."""

    checkpoint: Checkpoint
    note: str
    """Its text, with the signatures."""
    at: datetime
    """The time of its file: that of the machine, and no proof."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a log stands."""

    size: int
    span: tuple[datetime, datetime] | None
    """When the first and the last entry happened."""
    signed: Signed | None
    """None if it cannot be read."""
    elsewhere: dict[Path, int | None]
    """Folders of copies, and how many files each lacks; None: there is no such folder."""
    key: Verifier | None
    check: Check | None
    """The newest that the log tells of."""
    troubles: tuple[str, ...]
    """What is wrong at a glance."""
    is_unfinished: bool
    """Whether an append was cut short, which the next one mends: no sign of an attack."""


def has_begun(ledger: Ledger) -> bool:
    """Whether anything was ever logged, also if it is gone or cannot be read."""
    try:
        return ledger.is_there or bool(checkpoint_files(ledger.place.checkpoints))
    except LedgerBroken:
        return True


def standing(ledger: Ledger, trail: Trail) -> Standing:
    """How a log stands that has begun, as far as it can be read.

    Args:
        ledger: the log.
        trail: what was read of it just now.
    """
    troubles: list[str] = []
    key = _key(ledger, troubles)
    signed = _signed(ledger, key, troubles)
    if signed is not None:
        troubles += _glance(ledger, signed.checkpoint)
    if trail.index.trouble is not None:
        troubles.append(trail.index.trouble)
    return Standing(
        size=trail.index.size,
        span=trail.span(),
        signed=signed,
        elsewhere=ledger.elsewhere(),
        key=key,
        check=next(_checks(trail), None),
        troubles=tuple(dict.fromkeys(troubles)),
        is_unfinished=ledger.place.begun.exists(),
    )


def _key(ledger: Ledger, troubles: list[str]) -> Verifier | None:
    try:
        return ledger.key()
    except CairnError as error:
        troubles.append(error.what)
        return None


def _signed(ledger: Ledger, key: Verifier | None, troubles: list[str]) -> Signed | None:
    files = checkpoint_files(ledger.place.checkpoints)
    if not files and not ledger.place.begun.exists():
        troubles.append("no checkpoint lies beside the log: nothing says what was signed")
    if not files or key is None:
        return None
    _, path = files.popitem()
    try:
        refuse_no_file(path)
        note = path.read_text(encoding="utf-8")
        found = read_checkpoint(note, [key])
        return Signed(found, note, datetime.fromtimestamp(path.stat().st_mtime, UTC))
    except (NoteRefused, LedgerBroken, OSError, UnicodeDecodeError) as error:
        troubles.append(f"the newest checkpoint cannot be read ({error})")
        return None


def _glance(ledger: Ledger, signed: Checkpoint) -> Iterator[str]:
    """What stored hashes say against the newest checkpoint."""
    try:
        size = ledger.size
        if size < signed.size:
            yield f"the checkpoint covers {signed.size:,} entries, and {size:,} are there"
        elif ledger.proofs.root(signed.size) != signed.root:
            yield f"the first {signed.size:,} entries are not those that were signed"
        elif size > signed.size and not ledger.place.begun.exists():
            yield f"the entries from {signed.size:,} on have no checkpoint"
    except CairnError as error:
        yield error.what


def _checks(trail: Trail) -> Iterator[Check]:
    for one in trail.of_kind(KIND, 1):
        yield Check(one.number, one.dated_at, one.after == "sound")
