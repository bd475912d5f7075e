"""The proofs of one log: hashes that show what is in it, to somebody who does not see the rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from data.ledger import tree
from data.ledger.bundle import Bundle
from data.ledger.checkpoint import read_checkpoint
from data.ledger.database import hashes, is_made, size_of
from data.ledger.entry import Entry
from data.ledger.note import Verifier
from data.ledger.place import Place, checkpoint_files
from data.ledger.refusal import LedgerBroken, NotInLedger
from data.ledger.signed_file import LOOK, read_file

Reading = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""Opens the database of a log, which nobody writes meanwhile."""


class Proofs:
    """What one log can show."""

    def __init__(self, place: Place, reading: Reading) -> None:
        """Names the log, and how it is read."""
        self._place = place
        self._reading = reading

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` entries, or over all.

        Raises:
            NotInLedger: if there are fewer.
        """
        with self._complete(size) as (wanted, complete):
            return tree.root(wanted, complete)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that entry `index` is among the first `size` (RFC 9162, 2.1.3).

        Raises:
            NotInLedger: if it is not.
        """
        with self._complete(size) as (wanted, complete):
            return tree.inclusion(index, wanted, complete)

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """The proof that the log of `size` entries begins with that of `old` (RFC 9162, 2.1.4).

        Raises:
            NotInLedger: if it does not, or `old` is 0.
        """
        with self._complete(size) as (wanted, complete):
            return tree.consistency(old, wanted, complete)

    def bundle(self, entry: Entry, key: Verifier) -> Bundle:
        """The proof of an entry under the newest checkpoint; none is given that does not hold.

        Raises:
            NotInLedger: if its payload was pruned, or no checkpoint covers it yet.
            LedgerBroken: if entry, tree or checkpoint are not what was signed.
        """
        if entry.content is None:
            what = f"the payload of `{entry.id}` was pruned"
            raise NotInLedger(what, "", "a proof that was written before then is still valid")
        files = checkpoint_files(self._place.checkpoints)
        size, path = files.popitem() if files else (0, self._place.checkpoints)
        if entry.number >= size:
            fix = "run `cairn audit checkpoint`, then try again"
            raise NotInLedger("no checkpoint covers that entry yet", str(path), fix)
        note, head = read_file(path, read_checkpoint, key)
        hashed = self.inclusion(entry.number, size)
        try:
            leaf = tree.leaf_hash(entry.content)
            tree.check_inclusion(leaf, entry.number, head.size, hashed, head.root)
        except tree.ProofRefused as error:
            what = f"entry {entry.number:,} is not what was signed"
            raise LedgerBroken(what, str(path), LOOK) from error
        return Bundle(entry.content, entry.number, hashed, note)

    @contextmanager
    def _complete(self, size: int | None) -> Iterator[tuple[int, tree.Complete]]:
        """The subtrees of the first `size` entries, which are there."""
        if not self._place.database.exists():
            raise self._empty()
        with self._reading() as connection:
            there = size_of(connection) if is_made(connection) else 0
            if not there:
                raise self._empty()
            wanted = there if size is None else size
            if not 0 <= wanted <= there:
                what = f"there are {there:,} entries, not {wanted:,}"
                raise NotInLedger(what, "", "ask for fewer")
            try:
                yield wanted, hashes(connection)
            except tree.ProofRefused as error:
                raise NotInLedger(str(error), "", "ask for entries that are there") from error

    def _empty(self) -> NotInLedger:
        return NotInLedger("the log is empty", str(self._place.folder), "append something first")
