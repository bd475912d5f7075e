"""The right edge of a growing tree: leaves are added one by one, and the root is always known."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from data.ledger.tree import Complete, joined, peaks

TILE_LEVEL = 8
"""Subtrees over 256 leaves, and 256 of those, and so on, are kept: proofs start from them."""

Node = tuple[int, int, bytes]
"""Level, number and hash of a complete subtree."""


class Frontier:
    """The complete subtrees that a tree consists of, largest first."""

    def __init__(self, size: int, complete: Complete) -> None:
        """Begins where a tree of that size ends."""
        self.size = size
        self._hashes = [complete(*peak) for peak in peaks(size)]

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return joined(self._hashes)

    def add(self, leaves: Iterable[bytes]) -> list[Node]:
        """Adds hashes of leaves; returns the subtrees that are kept and that they completed."""
        hashes, size, kept = self._hashes, self.size, []
        for leaf in leaves:
            found, number, level = leaf, size, 0
            while number & 1:
                found = sha256(b"\x01" + hashes.pop() + found).digest()
                number >>= 1
                level += 1
                if not level % TILE_LEVEL:
                    kept.append((level, number, found))
            hashes.append(found)
            size += 1
        self.size = size
        return kept
