"""What is done to the log besides appending: holds, retention, erasure, a new seal.

Each is an event of the log itself, with the account of who did it under a pseudonym, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.ledger import hold, retention
from data.ledger.event import Event
from data.ledger.hold import Hold
from data.ledger.ledger import Appended, Ledger
from data.ledger.people import ERASED
from data.ledger.refusal import LedgerBroken, NotInLedger

RESEALED = "ledger.resealed"


@dataclass(frozen=True, slots=True)
class By:
    """Who does something to the log, and why."""

    account: str
    reason: str


def set_hold(ledger: Ledger, kinds: str, subjects: str, by: By) -> Appended:
    """Keeps what matches two patterns, whatever its age.

    Raises:
        HoldRefused: if one of them is no pattern.
        LedgerRefused: if the log cannot be written.
    """
    for pattern in (kinds, subjects):
        hold.check(pattern)
    told = hold.set_event((kinds, subjects), by.reason, _actor(ledger, by), ledger.now())
    return ledger.write([told], also=hold.write_set)


def release_hold(ledger: Ledger, set_by: int, by: By) -> Appended:
    """Ends the hold that an entry set.

    Raises:
        NotInLedger: if no such hold stands.
        LedgerRefused: if the log cannot be written.
    """
    standing = {one.set_by: one for one in holds(ledger) if one.released_by is None}
    if set_by not in standing:
        fix = "see `cairn audit hold list`"
        raise NotInLedger(f"no hold of entry {set_by} stands", "", fix)
    actor = _actor(ledger, by)
    told = hold.released_event(standing[set_by], by.reason, actor, ledger.now())
    return ledger.write([told], also=hold.write_released)


def holds(ledger: Ledger) -> list[Hold]:
    """All legal holds, also those that were released."""
    if not ledger.is_there:
        return []
    with ledger.reading() as connection:
        return hold.holds(connection)


def kept(ledger: Ledger, set_by: int) -> int:
    """How many entries that still tell something the hold of an entry is about."""
    with ledger.reading() as connection:
        return hold.kept(connection, set_by)


def old(ledger: Ledger) -> tuple[list[retention.Old], int]:
    """What is older than its kind is kept for, and how many more entries a hold keeps."""
    if not ledger.is_there:
        return [], 0
    rules = ledger.settings.retention
    with ledger.reading() as connection:
        return retention.old(connection, rules, hold.holds(connection), ledger.now())


def prune(ledger: Ledger, account: str) -> tuple[int, Appended]:
    """Deletes the payloads of what is too old; their leaves stay. Returns how many.

    Raises:
        LedgerRefused: if the log cannot be written, or a hold was set meanwhile.
    """
    found, _ = old(ledger)
    actor = ledger.people.pseudonym(account)
    events = retention.pruned_events(found, ledger.settings.retention, actor, ledger.now())
    return len(found), ledger.write(events, also=retention.write_pruned)


def erase(ledger: Ledger, account: str, by: By) -> tuple[str, Appended]:
    """Forgets who a pseudonym is, for good.

    Returns:
        The pseudonym, which stays in the log, and what was appended.

    Raises:
        NotInLedger: if nobody of that name is known.
        LedgerRefused: if the log, or the list of persons, cannot be written.
    """
    pseudonym = ledger.people.known(account)
    told = _event(ledger, ERASED, pseudonym, _actor(ledger, by), {"reason": by.reason}, pseudonym)
    was_told = bool(ledger.find(told.id))
    if not was_told and pseudonym not in ledger.people.accounts():
        fix = "write the account as `cairn audit log --names` shows it"
        raise NotInLedger("nobody of that name is in the log", account, fix)
    done = ledger.write([] if was_told else [told])
    ledger.people.forget(pseudonym)
    return pseudonym, done


def reseal(ledger: Ledger, by: By) -> Appended:
    """Seals a file that is not the one sealed, but whose entries are those signed.

    Raises:
        LedgerBroken: if anything else is wrong.
        LedgerRefused: if the log cannot be written.
    """
    wrong = [found for found in ledger.verify().findings if not found.is_about_the_seal]
    if wrong:
        fix = "bring the log back from a copy"
        raise LedgerBroken(wrong[0].what, str(ledger.place.folder), fix)
    now = ledger.now()
    told = _event(ledger, RESEALED, now.isoformat(), _actor(ledger, by), {"reason": by.reason})
    return ledger.write([told], is_sealed=False)


def _actor(ledger: Ledger, by: By) -> str:
    return ledger.people.pseudonym(by.account)


def _event(
    ledger: Ledger,
    kind: str,
    name: str,
    actor: str,
    data: dict[str, Any],
    subject: str | None = None,
) -> Event:
    now: datetime = ledger.now()
    identity = f"{kind}:{name}"
    return Event(kind, identity, now, now, actor, subject, source="cairn", data=data)
