"""What people decided, laid over what controls came to: waivers hide nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from data.controls.given import NOTHING_GIVEN, Given
from data.controls.outcome import Outcome, Result
from data.controls.reviewed import reviewed
from data.controls.state import Reason, State
from data.decisions.access_review import access_reviews
from data.decisions.attestation import (
    NO_ATTESTATIONS,
    Answer,
    Attestation,
    Attestations,
    attestations,
)
from data.decisions.attestation import State as AttestationState
from data.decisions.book import Book
from data.decisions.scope import Above, Covering, Scope
from data.decisions.waiver import NO_WAIVERS, Waiver, Waivers, waivers
from data.decisions.waiver import State as WaiverState
from data.period import Grain, Window

_ANSWERED = frozenset({Reason.NOT_ATTESTED, Reason.NOT_SUPPORTED})
"""Why something is unknown that a person may answer instead of a source."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions that count for controls."""

    waivers: Waivers = NO_WAIVERS
    attestations: Attestations = NO_ATTESTATIONS
    given: Given = NOTHING_GIVEN
    """Decisions that controls look at themselves."""


NOTHING_DECIDED = Decided()


def decided(book: Book) -> Decided:
    """Reads the decisions that count for controls.

    Raises:
        DecisionsRefused: if the book cannot be read.
    """
    given = Given({"access_review_decision": list(reviewed(access_reviews(book)))})
    return Decided(waivers(book), attestations(book), given)


def laid_over(outcome: Outcome, made: Decided, above: Above, on: date | None = None) -> Outcome:
    """An outcome with what was decided on the last day of its period, or when it was evaluated.

    Args:
        outcome: what the evidence says.
        made: the decisions.
        above: of each team, those it is part of.
        on: another day (UTC) on which decisions have to stand.
    """
    last = outcome.window.end - timedelta(days=1)
    day = on or min(last, outcome.as_of.astimezone(UTC).date())
    answered = Covering(_answers(made.attestations, outcome.window, day), above)
    waived = Covering(
        ((one.control, one.scope, one) for one in reversed(made.waivers.all)
         if one.state(day) is WaiverState.IN_FORCE),
        above,
    )  # fmt: skip
    results = tuple(
        _waived(outcome.control.id, _answered(outcome.control.id, one, answered), waived)
        for one in outcome.results
    )
    return replace(outcome, results=results, _counted={})


def _answers(
    made: Attestations, window: Window, day: date
) -> Iterator[tuple[str, Scope, Attestation]]:
    """Attestations that count: for a calendar period those that tell of all of it.

    For any other stretch of days those that tell of a part of it and are still valid.
    """
    is_calendar = any(window.is_whole(grain) for grain in Grain)
    for one in reversed(made.all):
        told = one.told
        is_about = (
            one.tells_of(window.start, window.end)
            if is_calendar
            else told.start < window.end and told.end > window.start
        )
        if is_about and one.state(day) is AttestationState.VALID:
            yield told.control, told.scope, one


def _answered(control: str, result: Result, answers: Covering[Attestation]) -> Result:
    if result.state is not State.UNKNOWN or result.reason not in _ANSWERED:
        return result
    one = answers.covering(control, as_row(result))
    if one is None:
        return result
    holds = one.told.answer is Answer.HOLDS
    return replace(
        result,
        state=State.MANUAL if holds else State.FAIL,
        reason=None,
        detail=f"attested until {one.until}" if holds else one.told.statement,
        attestation=one.id,
    )


def _waived(control: str, result: Result, waivers: Covering[Waiver]) -> Result:
    if result.state is not State.FAIL:
        return result
    one = waivers.covering(control, as_row(result))
    return replace(result, waiver=one.id) if one is not None else result


def as_row(result: Result) -> dict[str, str | None]:
    """A result as decisions choose it."""
    return {
        "id": result.id,
        "team": result.team,
        "repository": result.repository,
        "service": result.service,
        "model": result.model,
    }
