"""Recomputes everything of a log, and says in words what is wrong."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from data.errors import CairnError
from data.ledger import note
from data.ledger.append import Progress
from data.ledger.case import Case
from data.ledger.copies import lacking
from data.ledger.database import is_made, readable, recover, still
from data.ledger.finding import About, Finding, Report, ordered
from data.ledger.heads import check_end, check_heads, check_roots
from data.ledger.key import KeyPlace, KeyRefused
from data.ledger.lock import held
from data.ledger.note import NoteRefused, Verifier
from data.ledger.people import ERASED, People
from data.ledger.place import Place, checkpoint_files
from data.ledger.refusal import LedgerBroken, WrongKey, told
from data.ledger.rules import broken_rules
from data.ledger.tree import EMPTY
from data.ledger.walk import UNREADABLE, Walked, walked


@dataclass(frozen=True, slots=True)
class Examination:
    """What is examined: a log, its key, the places its checkpoints were copied to, its people."""

    place: Place
    key: KeyPlace
    copies: tuple[Path, ...]
    people: People
    wait_seconds: float


def examined(
    asked: Examination, checkpoint: str | None, key: str | None, progress: Progress
) -> Report:
    """What a check of the log comes to; see `Ledger.verify`."""
    place = asked.place
    if not (place.database.exists() or checkpoint_files(place.checkpoints)):
        return _never_begun(asked, checkpoint)
    try:
        case = Case(place, [_key(asked.key, key)])
    except KeyRefused as error:
        return Report(0, None, 0, 0, (Finding(About.SIGNATURE, str(error)),), ())
    with told(place.folder):
        with still(place, asked.wait_seconds) as is_half_written:
            if not is_half_written:
                return _examined(case, asked, checkpoint, progress)
        with held(place.lock, is_shared=False, wait_seconds=asked.wait_seconds):
            _recover(case)
            return _examined(case, asked, checkpoint, progress)


def _examined(case: Case, asked: Examination, checkpoint: str | None, progress: Progress) -> Report:
    case.gather(asked.copies, checkpoint)
    walk = Walked(root=EMPTY)
    if case.place.database.exists():
        with readable(case.place.database) as connection:
            walk = walked(connection, _sizes(case), progress)
            case.findings += walk.findings
            _check_tables(case, connection, walk)
    check_roots(case, walk)
    check_end(case, walk)
    _look_at_copies(case, asked.copies)
    _look_at_people(case, asked.people, walk)
    case.notes.extend(asked.key.exposed())
    findings, notes = ordered(case.findings), tuple(case.notes)
    pruned = len(walk.without_payload)
    return Report(walk.size, walk.root, len(case.checkpoints), pruned, findings, notes)


def _key(place: KeyPlace, given: str | None) -> Verifier:
    if given is None:
        return place.verifier()
    try:
        return note.verifier(given.strip())
    except NoteRefused as error:
        fix = "write it as `cairn audit key` prints it"
        raise WrongKey(f"the given key is no public key ({error})", "", fix) from error


def _never_begun(asked: Examination, checkpoint: str | None) -> Report:
    """Where no log is, nothing may tell of one."""
    told = [] if checkpoint is None else ["the given checkpoint"]
    told += [str(path) for folder in asked.copies for path in checkpoint_files(folder).values()]
    told += [str(asked.place.seal)] if asked.place.seal.exists() else []
    found = [Finding(About.CHECKPOINT, f"{one} tells of a log, and none is here") for one in told]
    return Report(0, EMPTY, 0, 0, tuple(found), ())


def _recover(case: Case) -> None:
    try:
        recover(case.place)
    except LedgerBroken as error:
        case.tell(About.DATABASE, error.what)


def _sizes(case: Case) -> set[int]:
    sizes = {found.size for _, found in case.checkpoints}
    return sizes if case.began is None else sizes | {case.began.size}


def _check_tables(case: Case, connection: sqlite3.Connection, walk: Walked) -> None:
    """What stands beside the entries: it can only be read if the entries could."""
    if walk.root is None:
        return
    try:
        if is_made(connection):
            if walk.is_own_wrong:
                case.notes.append("what was pruned was not checked: the log's own events are wrong")
            else:
                case.findings += broken_rules(connection, walk)
            check_heads(case, connection)
    except (*UNREADABLE, LookupError, TypeError, AttributeError) as error:
        case.tell(About.DATABASE, f"the database cannot be read ({error})")


def _look_at_copies(case: Case, copies: tuple[Path, ...]) -> None:
    for folder in copies:
        if not folder.is_dir():
            case.notes.append(f"the copies in {folder} could not be looked at: no such folder")
        elif count := len(list(lacking(case.place, folder))):
            case.notes.append(f"{folder} lacks {count:,} files: the next append copies them")


def _look_at_people(case: Case, people: People, walk: Walked) -> None:
    """An erasure that was cut short is finished by asking for it again."""
    erased = {told["subject"] for _, told in walk.own if told["kind"] == ERASED}
    try:
        left = erased & people.accounts().keys()
    except CairnError as error:
        case.notes.append(str(error))
        return
    case.notes.extend(
        f"{person} was erased, and its account is still there: erase it again"
        for person in sorted(left)
    )
