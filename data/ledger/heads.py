"""Whether the entries are those that were signed: at every checkpoint, and at the end."""

from __future__ import annotations

import sqlite3

from data.durable import file_hash
from data.ledger.case import Case
from data.ledger.finding import About
from data.ledger.place import checkpoint_files
from data.ledger.tree import EMPTY
from data.ledger.walk import Walked


def check_heads(case: Case, connection: sqlite3.Connection) -> None:
    """Each append has its checkpoint beside the log; the last may lack it after a crash."""
    here = set(checkpoint_files(case.place.checkpoints))
    heads = {size for (size,) in connection.execute("select size from head")}
    last = max(heads, default=0)
    missing = heads - here - ({last} if case.began is not None else set())
    for size in sorted(missing):
        case.tell(About.CHECKPOINT, f"the checkpoint of {size:,} entries is missing")
    for where, checkpoint in case.checkpoints:
        if checkpoint.size <= last and checkpoint.size not in heads:
            case.tell(About.CHECKPOINT, f"{where}: no append ended at {checkpoint.size:,}")


def check_roots(case: Case, walk: Walked) -> None:
    """The first checkpoint that does not fit tells among which entries something changed."""
    if walk.root is None:
        return
    sizes = sorted({found.size for _, found in case.checkpoints})
    before = dict(zip(sizes, [0, *sizes], strict=False))
    for where, checkpoint in sorted(case.checkpoints, key=lambda found: found[1].size):
        size = checkpoint.size
        if size > walk.size:
            what = f"{where} covers {size:,} entries, and {walk.size:,} are there"
            case.tell(About.CHECKPOINT, f"the end was cut off: {what}", walk.size)
            return
        if walk.roots.get(size, EMPTY) != checkpoint.root:
            first, last = before[size], size - 1
            what = f"the entries {first:,} to {last:,} are not those that {where} covers"
            case.tell(About.CHECKPOINT, what, walk.bad_among(first, last))
            return


def check_end(case: Case, walk: Walked) -> None:
    """Whether the last entry is signed, and the file is the one that was sealed."""
    is_sealed = _is_sealed(case, walk)
    if case.began is not None:
        if _is_crash(case, walk, is_sealed=is_sealed):
            return
        case.tell(About.CHECKPOINT, "the append that was cut short began elsewhere")
    if case.signed < walk.size:
        what = f"the entries from {case.signed:,} on have no checkpoint"
        case.tell(About.CHECKPOINT, f"{what}, and no append was cut short", case.signed)
    if not is_sealed and (walk.size or case.signed):
        is_there = case.place.seal.exists()
        what = "the file is not the one that was sealed" if is_there else "the seal is missing"
        case.tell(About.SEAL, f"{case.place.database}: {what}")


def _is_sealed(case: Case, walk: Walked) -> bool:
    if case.seal is None or not case.place.database.exists():
        return False
    return case.seal.size == walk.size and case.seal.sha256 == file_hash(case.place.database)


def _is_crash(case: Case, walk: Walked, *, is_sealed: bool) -> bool:
    """Whether all is as a crash may leave it between the first byte of an append and the last."""
    began = case.began
    if began is None or case.signed not in (began.size, walk.size):
        return False
    if walk.roots.get(began.size, EMPTY) != began.root or walk.size < began.size:
        return False
    if walk.size == began.size:
        case.notes.append("an append was cut short before it wrote anything")
        return is_sealed or not walk.size
    what = f"the entries from {began.size:,} on are not sealed: an append was cut short"
    case.notes.append(f"{what}; the next one, or `cairn audit checkpoint`, seals them")
    return True
