"""The Merkle tree of RFC 9162, section 2.1, with SHA-256: hashes, proofs, and how they are checked.

Leaves are numbered from 0. What a tree holds is asked for as `complete(level, number)`: the hash
of the complete subtree over the `2**level` leaves from `number * 2**level` on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

HASH_BYTES = 32
EMPTY = hashlib.sha256().digest()
"""Root of the tree without leaves."""

Complete = Callable[[int, int], bytes]


class Step(NamedTuple):
    """One step from a leaf up to the root."""

    sibling: bytes
    """The hash that the proof hands in."""
    is_left: bool
    """Whether it stands to the left of what was found so far."""
    found: bytes
    """The hash over both."""


class ProofRefused(ValueError):
    """There is no such proof, or it does not prove what it should."""


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf: 0x00 keeps it apart from that of a node."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over the two below it."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def folded(hashes: Sequence[bytes]) -> bytes:
    """The hash of a complete subtree over `2**n` neighbours of one level."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


def peaks(size: int) -> list[tuple[int, int]]:
    """Level and number of the complete subtrees that a tree of that size consists of."""
    return [
        (level, (size >> level) - 1)
        for level in reversed(range(size.bit_length()))
        if size >> level & 1
    ]


def root(size: int, complete: Complete) -> bytes:
    """The root of the tree over the first `size` leaves."""
    return joined([complete(*peak) for peak in peaks(size)])


def joined(hashes: Sequence[bytes]) -> bytes:
    """The root over the hashes of complete subtrees, largest first."""
    if not hashes:
        return EMPTY
    found = hashes[-1]
    for left in reversed(hashes[:-1]):
        found = node_hash(left, found)
    return found


def inclusion(index: int, size: int, complete: Complete) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root, the leaf's neighbour first.

    Raises:
        ProofRefused: if the tree of that size has no such leaf.
    """
    if not 0 <= index < size:
        raise ProofRefused(f"there is no entry {index} among {size}")
    low, high, path = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_span(middle, high, complete))
            high = middle
        else:
            path.append(_span(low, middle, complete))
            low = middle
    return path[::-1]


def consistency(old: int, size: int, complete: Complete) -> list[bytes]:
    """The hashes that show that the tree of `size` begins with that of `old` leaves.

    Raises:
        ProofRefused: if `old` is 0, since every tree begins with nothing, or above `size`.
    """
    if not 0 < old <= size:
        raise ProofRefused(f"no proof leads from {old} entries to {size}")
    low, high, is_whole, path = 0, size, True, []
    while old != high - low:
        middle = low + _split(high - low)
        if old <= middle - low:
            path.append(_span(middle, high, complete))
            high = middle
        else:
            path.append(_span(low, middle, complete))
            old, low, is_whole = old - (middle - low), middle, False
    return ([] if is_whole else [_span(low, high, complete)]) + path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], top: bytes) -> None:
    """Checks that a leaf is entry `index` of the tree with root `top` (section 2.1.3.2).

    Raises:
        ProofRefused: if it does not show that.
    """
    if not 0 <= index < size:
        raise ProofRefused(f"there is no entry {index} among {size}")
    if len(leaf) != HASH_BYTES:
        raise ProofRefused("the hash of the leaf is no SHA-256")
    found = leaf
    for step in climb(leaf, index, size, path):
        found = step.found
    if found != top:
        raise ProofRefused("the proof leads to another root")


def climb(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> Iterator[Step]:
    """The steps of a proof from leaf `index` up to the root of a tree of that size.

    Raises:
        ProofRefused: if they are not as many as lead to the root.
    """
    found = leaf
    for sibling, is_left in _climbed(index, size - 1, path):
        found = node_hash(sibling, found) if is_left else node_hash(found, sibling)
        yield Step(sibling, is_left, found)


def check_consistency(
    old: int, size: int, path: Sequence[bytes], old_top: bytes, top: bytes
) -> None:
    """Checks that the tree with root `top` begins with that of `old_top` (section 2.1.4.2).

    Raises:
        ProofRefused: if it does not show that, or `old` is 0.
    """
    if not 0 < old <= size:
        raise ProofRefused(f"no proof leads from {old} entries to {size}")
    if old == size:
        if path or old_top != top:
            raise ProofRefused("two trees of one size have two roots")
        return
    steps = [old_top, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        raise ProofRefused("the proof is too short")
    first, last = old - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old_found = found = steps[0]
    for step, is_left in _climbed(first, last, steps[1:]):
        old_found = node_hash(step, old_found) if is_left else old_found
        found = node_hash(step, found) if is_left else node_hash(found, step)
    if old_found != old_top or found != top:
        raise ProofRefused("the proof leads to other roots")


def _climbed(first: int, last: int, path: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The steps of a proof, each with whether it stands to the left of what was found so far.

    Raises:
        ProofRefused: if they are not as many as lead to the root.
    """
    for step in path:
        if last == 0:
            raise ProofRefused("the proof is too long")
        is_left = bool(first & 1) or first == last
        yield step, is_left
        while is_left and first and not first & 1:
            first, last = first >> 1, last >> 1
        first, last = first >> 1, last >> 1
    if last != 0:
        raise ProofRefused("the proof is too short")


def _split(width: int) -> int:
    """The largest power of two below a width."""
    return 1 << (width - 1).bit_length() - 1


def _span(low: int, high: int, complete: Complete) -> bytes:
    """The hash over the leaves from `low` on and before `high`, as the proofs cut them."""
    hashes = []
    for level, _ in peaks(high - low):
        hashes.append(complete(level, low >> level))
        low += 1 << level
    return joined(hashes)
