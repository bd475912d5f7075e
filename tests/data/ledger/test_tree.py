"""The tree against RFC 9162 as it is written, without any shortcut, and against forged proofs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.ledger import tree
from data.ledger.frontier import Frontier
from data.ledger.tree import EMPTY, ProofRefused, leaf_hash

MOST = 130
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(MOST)]
ENTRIES = [b"entry %d" % number for number in range(MOST)]


def defined_root(entries: Sequence[bytes]) -> bytes:
    """MTH of section 2.1.1, as it is defined."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return hashlib.sha256(b"\x01" + defined_root(entries[:k]) + defined_root(entries[k:])).digest()


def defined_path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH of section 2.1.3.1, as it is defined."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if index < k:
        return [*defined_path(index, entries[:k]), defined_root(entries[k:])]
    return [*defined_path(index - k, entries[k:]), defined_root(entries[:k])]


def defined_proof(old: int, entries: Sequence[bytes], *, is_whole: bool = True) -> list[bytes]:
    """SUBPROOF of section 2.1.4.1, as it is defined."""
    if old == len(entries):
        return [] if is_whole else [defined_root(entries)]
    k = split(len(entries))
    if old <= k:
        return [
            *defined_proof(old, entries[:k], is_whole=is_whole),
            defined_root(entries[k:]),
        ]
    return [
        *defined_proof(old - k, entries[k:], is_whole=False),
        defined_root(entries[:k]),
    ]


def split(width: int) -> int:
    """The largest power of two smaller than a width, found by trying."""
    return max(2**n for n in range(20) if 2**n < width)


def complete(level: int, number: int) -> bytes:
    return tree.folded(LEAVES[number << level : (number + 1) << level])


@pytest.mark.parametrize("size", range(MOST + 1))
def test_a_root_is_the_one_defined(size: int) -> None:
    frontier = Frontier(0, complete)
    frontier.add(LEAVES[:size])
    assert tree.root(size, complete) == frontier.root == defined_root(ENTRIES[:size])
    assert Frontier(size, complete).root == frontier.root


def test_the_tree_without_entries_has_the_hash_of_nothing() -> None:
    assert tree.root(0, complete) == EMPTY == hashlib.sha256().digest()


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_each_entry_has_the_path_defined_and_it_holds(size: int) -> None:
    root = defined_root(ENTRIES[:size])
    for index in range(size):
        path = tree.inclusion(index, size, complete)
        if size in (1, 2, 3, 7, 8, 9, 127, 128, 129, 130) or index == size - 1:
            assert path == defined_path(index, ENTRIES[:size])
        tree.check_inclusion(LEAVES[index], index, size, path, root)


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_each_older_tree_has_the_proof_defined_and_it_holds(size: int) -> None:
    root = tree.root(size, complete)
    for old in range(1, size + 1):
        path = tree.consistency(old, size, complete)
        if size in (1, 2, 3, 7, 8, 9, 127, 128, 129, 130) or old == size - 1:
            assert path == defined_proof(old, ENTRIES[:size])
        tree.check_consistency(old, size, path, tree.root(old, complete), root)


@pytest.mark.parametrize(("old", "size"), [(0, 0), (0, 1), (0, 8), (9, 8), (-1, 8)])
def test_there_is_no_proof_from_nothing_nor_from_more(old: int, size: int) -> None:
    with pytest.raises(ProofRefused):
        tree.consistency(old, size, complete)
    with pytest.raises(ProofRefused):
        tree.check_consistency(old, size, [], EMPTY, tree.root(size, complete))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (8, 8), (-1, 8)])
def test_there_is_no_path_of_an_entry_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ProofRefused):
        tree.inclusion(index, size, complete)
    with pytest.raises(ProofRefused):
        tree.check_inclusion(LEAVES[0], index, size, [], tree.root(size, complete))


def test_two_trees_of_one_size_are_one_tree() -> None:
    one, other = tree.root(5, complete), tree.root(6, complete)
    tree.check_consistency(5, 5, [], one, one)
    with pytest.raises(ProofRefused):
        tree.check_consistency(5, 5, [], one, other)
    with pytest.raises(ProofRefused):
        tree.check_consistency(5, 5, [one], one, one)


def test_a_leaf_is_a_hash() -> None:
    with pytest.raises(ProofRefused):
        tree.check_inclusion(b"", 0, 1, [], b"")


def forged(path: list[bytes]) -> list[list[bytes]]:
    """A proof changed in every small way."""
    ways: list[list[bytes]] = [[*path, EMPTY], [EMPTY, *path]]
    for place, step in enumerate(path):
        ways.append(path[:place] + path[place + 1 :])
        ways.append([*path[:place], bytes([step[0] ^ 1]) + step[1:], *path[place + 1 :]])
        ways.append([*path[:place], step[:-1], *path[place + 1 :]])
        if place and step != path[place - 1]:
            ways.append([*path[: place - 1], step, path[place - 1], *path[place + 1 :]])
    return ways


SIZES = st.integers(1, MOST).flatmap(lambda size: st.tuples(st.integers(1, size), st.just(size)))


@given(SIZES)
def test_a_forged_path_holds_for_nothing(chosen: tuple[int, int]) -> None:
    index, size = chosen[0] - 1, chosen[1]
    root, path = tree.root(size, complete), tree.inclusion(chosen[0] - 1, chosen[1], complete)
    for way in forged(path):
        refuses(lambda way=way: tree.check_inclusion(LEAVES[index], index, size, way, root))
    for other in {0, index - 1, index + 1, size - 1} - {index}:
        refuses(lambda other=other: tree.check_inclusion(LEAVES[index], other, size, path, root))
    refuses(lambda: tree.check_inclusion(leaf_hash(b"forged"), index, size, path, root))


@given(SIZES)
def test_a_forged_consistency_holds_for_nothing(chosen: tuple[int, int]) -> None:
    old, size = chosen
    path = tree.consistency(old, size, complete)
    roots = tree.root(old, complete), tree.root(size, complete)
    for way in forged(path):
        refuses(lambda way=way: tree.check_consistency(old, size, way, *roots))
    if old < size:
        refuses(lambda: tree.check_consistency(old, size, path, roots[1], roots[0]))
        refuses(lambda: tree.check_consistency(old, size, path, leaf_hash(b"other"), roots[1]))


def refuses(check: Callable[[], None]) -> None:
    with pytest.raises(ProofRefused):
        check()


@pytest.mark.parametrize(
    ("first", "then"), list(product((0, 1, 255, 256, 257, 600), (0, 1, 255, 511)))
)
def test_a_tree_grown_in_parts_keeps_the_tiles_of_one_grown_at_once(first: int, then: int) -> None:
    leaves = [leaf_hash(b"%d" % number) for number in range(first + then)]
    at_once, in_parts = Frontier(0, complete), Frontier(0, complete)
    kept = in_parts.add(leaves[:first]) + in_parts.add(leaves[first:])
    assert kept == at_once.add(leaves)
    assert [(level, number) for level, number, _ in kept] == [
        (8, number) for number in range((first + then) // 256)
    ]
    assert all(
        hashed == tree.folded(leaves[number << 8 : (number + 1) << 8]) for _, number, hashed in kept
    )
    assert in_parts.root == at_once.root
