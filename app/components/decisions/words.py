"""States, scopes and ends of decisions, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.components.sign import Sign
from app.wording import day
from data.configuration.waivers import WaiverReason
from data.controls.answering import Standing
from data.decisions.access_review import State as ReviewState
from data.decisions.access_review import Verdict
from data.decisions.attestation import Answer
from data.decisions.attestation import State as AttestationState
from data.decisions.scope import Scope, ScopeKind
from data.decisions.waiver import State

WAIVERS = {
    State.REQUESTED: Sign("requested", "hourglass_top", "orange", "?"),
    State.IN_FORCE: Sign("in force", "shield", "green", "✓"),
    State.APPROVED: Sign("approved", "event_upcoming", "blue", "✓"),
    State.EXPIRED: Sign("expired", "timer_off", "gray", "–"),
    State.REJECTED: Sign("rejected", "block", "red", "✗"),
    State.WITHDRAWN: Sign("withdrawn", "undo", "gray", "–"),
    State.REPLACED: Sign("replaced", "swap_horiz", "gray", "–"),
}
"""How each state is shown, in the order in which they are listed."""
REASONS = {
    WaiverReason.RISK_ACCEPTED: "risk accepted: it fails, and somebody answers for that",
    WaiverReason.FALSE_POSITIVE: "false positive: it does not fail, the control sees wrong",
    WaiverReason.MITIGATED: "mitigated: it fails, and something else keeps the harm away",
    WaiverReason.EMERGENCY: "emergency: there was no time to keep to the rule",
}
STANDINGS = {
    Standing.DOES_NOT_HOLD: "✗",
    Standing.MISSING: "?",
    Standing.DUE: "?",
    Standing.IN_PART: "?",
    Standing.EXPIRING: "!",
    Standing.WITHHELD: "?",
    Standing.ANSWERED: "✎",
    Standing.NOTHING_TO_ANSWER: "–",
}
ANSWERS = {Answer.HOLDS: "holds", Answer.DOES_NOT_HOLD: "does not hold"}
ATTESTATIONS = {
    AttestationState.VALID: "✎",
    AttestationState.EXPIRED: "–",
    AttestationState.WITHDRAWN: "–",
    AttestationState.REPLACED: "–",
}
REVIEWS = {
    ReviewState.OPEN: Sign("open", "hourglass_top", "orange", "?"),
    ReviewState.COMPLETE: Sign("complete", "task_alt", "green", "✓"),
    ReviewState.EXPIRED: WAIVERS[State.EXPIRED],
}
VERDICTS = {Verdict.KEEP: "✓ keep", Verdict.CHANGE: "! change", Verdict.REMOVE: "✗ remove"}


def scope_words(scope: Scope, titles: Mapping[str, str], *, is_shy: bool = False) -> str:
    """What a scope names.

    Args:
        scope: the scope.
        titles: of teams, by id.
        is_shy: whether the id of a row would name a person to a reader who may see none.
    """
    name = scope.name
    match scope.kind:
        case ScopeKind.ORGANISATION:
            return "the whole organisation"
        case ScopeKind.TEAM:
            return f"team {titles.get(name, name)}"
        case ScopeKind.ROW:
            return "one row" if is_shy else f"the row {name}"
        case ScopeKind.REPOSITORY if scope.is_pattern:
            return f"repositories {name}"
        case _:
            return f"{scope.kind.value} {name}"


def left(until: date, today: date) -> str:
    """A last day, and how far off it is: `15 Dec 2026, 23 days left`."""
    days = (until - today).days
    if days < 0:
        return f"{day(until)}, {count(-days, 'day')} ago"
    rest = f"{count(days, 'day')} left" if days else "its last day"
    return f"{day(until)}, {rest}"


def count(number: int, one: str) -> str:
    """A number and what it counts: `1 day`, `1,200 rows`."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"
