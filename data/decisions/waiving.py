"""Asking for a waiver, answering, and taking back: what may be, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from data.configuration.waivers import WaiverReason, WaiverSettings
from data.decisions.book import Book
from data.decisions.decision import Act, Decision, Entry, NothingDecided
from data.decisions.person import is_named, is_same
from data.decisions.scope import Scope
from data.decisions.waiver import KIND, State, Waiver, told_by, waivers
from data.errors import WrongQuestion

_OPEN = {Act.WITHDRAW: (State.REQUESTED, State.APPROVED, State.IN_FORCE)}
"""In which states a waiver can be answered; otherwise only as a request."""


class WaiverRefused(WrongQuestion):
    """A waiver is asked for, or answered, that nobody may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for."""

    control: str
    scope: Scope
    reason: WaiverReason
    justification: str
    requester: str
    until: date | None
    """The last day (UTC)."""
    start: date | None = None
    """The first day (UTC); None: that of the request."""
    ticket: str | None = None
    compensating: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a request is held against."""

    settings: WaiverSettings
    is_control: Callable[[str], bool]
    matches: Callable[[str, Scope], int]
    """How much there is of a control in a scope."""


def reason_of(word: str) -> WaiverReason:
    """Reads why a waiver is asked for.

    Raises:
        WaiverRefused: if there is no such reason.
    """
    if word not in set(WaiverReason):
        listed = ", ".join(one.value for one in WaiverReason)
        raise WaiverRefused(f"`{word[:80]}` is no reason", "", f"use one of: {listed}")
    return WaiverReason(word)


def request(
    book: Book, asked: Request, rules: Rules, requested_at: datetime | None = None
) -> Decision:
    """Asks for a waiver, in place of an open request for the same control and scope.

    Raises:
        WaiverRefused: if nobody may have it.
        DecisionsRefused: if the book cannot be written.
    """
    at = requested_at or datetime.now(UTC)
    start, until = checked(asked, rules, at.astimezone(UTC).date())
    value = {
        "scope": str(asked.scope),
        "reason": asked.reason.value,
        "from": start.isoformat(),
        "until": until.isoformat(),
        "ticket": (asked.ticket or "").strip() or None,
        "compensating": (asked.compensating or "").strip() or None,
    }
    by = (asked.requester.strip(), asked.justification.strip())
    return book.add(Entry(KIND, Act.REQUEST, asked.control, value, *by), requested_at)


def checked(asked: Request, rules: Rules, day: date) -> tuple[date, date]:
    """Makes sure that a waiver may be asked for on a day; gives its first and last day.

    Raises:
        WaiverRefused: naming the first thing that speaks against it.
    """
    if not rules.is_control(asked.control):
        raise WaiverRefused(
            f"there is no control `{asked.control[:80]}`", "", "name one as `CM-02`"
        )
    if not is_named(asked.requester):
        raise WaiverRefused("nobody asks for it", "", "name who does")
    if not asked.justification.strip():
        raise WaiverRefused("it is not justified", "", "say in a few words why it may be")
    if asked.reason is WaiverReason.MITIGATED and not (asked.compensating or "").strip():
        raise WaiverRefused("it is not said what mitigates it", "", "name the compensating control")
    days = _days(asked, rules.settings, day)
    if not rules.matches(asked.control, asked.scope):
        raise WaiverRefused(
            f"nothing of `{asked.control}` is in `{asked.scope}`", "", "name what there is"
        )
    return days


def _days(asked: Request, settings: WaiverSettings, day: date) -> tuple[date, date]:
    start, until, most = asked.start or day, asked.until, settings.most(asked.reason)
    if until is None:
        raise WaiverRefused("it has no end", "", f"name its last day, at most {most} days from now")
    if until < day:
        raise WaiverRefused(f"it ends on {until}, which is past", "", "choose a later end")
    if start < day:
        raise WaiverRefused(f"it begins on {start}, which is past", "", "let it begin today")
    if start > until:
        raise WaiverRefused(f"it begins on {start}, after its end", "", "choose an earlier day")
    if until > day + timedelta(days=most):
        raise WaiverRefused(
            f"it ends on {until}, more than the {most} days that `{asked.reason}` may hold",
            "",
            "choose an earlier end, and ask again then",
        )
    return start, until


def approve(
    book: Book, waiver: str, by: tuple[str, str], decided_at: datetime | None = None
) -> Decision:
    """Approves a request: who asked for it cannot.

    Args:
        book: where it is recorded.
        waiver: id of the request.
        by: who approves, and why.
        decided_at: when; default: now.

    Raises:
        NothingDecided: if there is no such request.
        WaiverRefused: if it is not open any more, or if who asked for it approves it.
        DecisionsRefused: if the book cannot be written.
    """
    return _answer(book, Act.APPROVE, waiver, by, decided_at)


def reject(
    book: Book, waiver: str, by: tuple[str, str], decided_at: datetime | None = None
) -> Decision:
    """Rejects a request. Raises what `approve` does, but anybody may reject."""
    return _answer(book, Act.REJECT, waiver, by, decided_at)


def withdraw(
    book: Book, waiver: str, by: tuple[str, str], decided_at: datetime | None = None
) -> Decision:
    """Takes a request back, or ends a waiver before its time. Raises what `approve` does."""
    return _answer(book, Act.WITHDRAW, waiver, by, decided_at)


def _answer(
    book: Book, act: Act, waiver: str, by: tuple[str, str], decided_at: datetime | None
) -> Decision:
    """Adds what answers a request, if the log allows it when nobody else can write any more."""

    def refuse(told: Sequence[Decision], at: datetime) -> None:
        _check_answer(_found(told_by(told).find(waiver), waiver), act, by, at)

    control = _found(waivers(book).find(waiver), waiver).control
    entry = Entry(KIND, act, control, {"waiver": waiver}, by[0].strip(), by[1].strip())
    return book.add(entry, decided_at, refuse)


def _found(one: Waiver | None, waiver: str) -> Waiver:
    if one is None:
        what = f"there is no waiver `{waiver[:80]}`"
        raise NothingDecided(what, "", "see `cairn waiver list --all`")
    return one


def _check_answer(one: Waiver, act: Act, by: tuple[str, str], at: datetime) -> None:
    state = one.state(max(at, one.decided_at).astimezone(UTC).date())
    who, why = by
    if not is_named(who) or not why.strip():
        raise WaiverRefused("a decision has somebody who takes it, and a reason", "", "say both")
    if state not in _OPEN.get(act, (State.REQUESTED,)):
        raise WaiverRefused(*_over(one, state))
    asker = next((name for name in one.asked_by if is_same(name, who)), None)
    if act is Act.APPROVE and asker is not None:
        what = f"`{who.strip()}` asks for the waiver and approves it"
        if not is_same(one.requester, who):
            what = f"`{who.strip()}` asked for the same before `{one.requester}` did"
        raise WaiverRefused(what, "", "let somebody else approve it")


def _over(one: Waiver, state: State) -> tuple[str, str, str]:
    """Why a waiver cannot be answered any more."""
    step = one.withdrawn or one.rejected or one.approved
    if state is State.EXPIRED:
        return f"the waiver ended on {one.until}", "", "ask for another"
    if state is State.REPLACED and one.replaced is not None:
        return f"the waiver is replaced by `{one.replaced.id}`", "", "answer that one"
    word = "approved" if step is one.approved else state.value
    by, at = (step.by, f"{step.at:%Y-%m-%d %H:%M}") if step else ("", "")
    fix = "nothing is left to do" if step is one.approved else "ask for another"
    return f"the waiver is {word} already, by {by} at {at} UTC", "", fix
