"""What shows that one entry is in the log: its hash, the way to the root, and who signed that."""

from __future__ import annotations

from dataclasses import dataclass

from data.errors import CairnError
from data.ledger.bundle import Bundle
from data.ledger.checkpoint import Checkpoint
from data.ledger.entry import Asked, Entry
from data.ledger.ledger import Ledger
from data.ledger.retention import pruned_by
from data.ledger.tree import ProofRefused, Step, check_inclusion, climb, leaf_hash


@dataclass(frozen=True, slots=True)
class Proof:
    """The way from one entry to the root that a checkpoint signs."""

    entry: Entry
    checkpoint: Checkpoint
    steps: tuple[Step, ...]
    """From the leaf up."""
    trouble: str | None
    """Why it proves nothing; None if it holds."""


def entry_at(ledger: Ledger, number: int) -> Entry | None:
    """One entry as the log holds it; None if there is none of that number.

    Raises:
        LedgerRefused: if the log is in use for too long, or may not be read.
        LedgerBroken: if it is damaged there.
    """
    found = ledger.entries(Asked(first=number, limit=1))
    return found[0] if found and found[0].number == number else None


def proof(ledger: Ledger, one: Entry, signed: Checkpoint) -> Proof:
    """The proof of an entry under a checkpoint that covers it. It is checked, not only made.

    Raises:
        NotInLedger: if the checkpoint does not cover it.
        LedgerBroken: if hashes are missing.
    """
    path = ledger.proofs.inclusion(one.number, signed.size)
    try:
        steps = tuple(climb(one.hash, one.number, signed.size, path))
        check_inclusion(one.hash, one.number, signed.size, path, signed.root)
    except ProofRefused as error:
        return Proof(one, signed, (), str(error))
    is_intact = one.content is None or leaf_hash(one.content) == one.hash
    changed = None if is_intact else "what the entry tells now is not what was hashed"
    return Proof(one, signed, steps, changed)


def bundle(ledger: Ledger, one: Entry) -> Bundle | None:
    """What `cairn audit prove` writes of an entry; None if it cannot be proven."""
    try:
        return ledger.prove(one.id, one.number)
    except CairnError:
        return None


def pruning(ledger: Ledger, number: int) -> int | None:
    """The entry that says that one was pruned; None if none does.

    Raises:
        LedgerRefused: if the log is in use for too long, or may not be read.
    """
    with ledger.reading() as connection:
        return pruned_by(connection, number)
