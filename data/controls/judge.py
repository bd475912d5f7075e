"""From what a control's SQL says of a member, and what can be seen of it, to its state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.controls.compose import PERSON
from data.controls.definition import Absence, Control
from data.controls.outcome import Result
from data.controls.state import Reason, State

_Verdict = tuple[State, Reason | None, str | None]


def judged(control: Control, row: Mapping[str, Any], lacking: str | None = None) -> Result:
    """The result of one member.

    Args:
        control: what is asked of it.
        row: the member, what the test says of it, and what its source refuses or never tells.
        lacking: an entity that the control needs and no source tells of.

    A failure that rests on what was not told is none: where the source refuses what is needed, or
    never tells it, the state is unknown; so it is where the test finds that it does not apply. A
    pass that rests on it is none either, where nothing told looks like a pass. Where nothing told
    is told as null, only an unknown state rests on it.
    """
    state, reason, detail = _seen(control, row, lacking)
    return Result(
        id=row["id"],
        source=row["source"],
        title=row["title"],
        url=row["url"],
        team=row["team"],
        happened_at=row.get("happened_at") or row.get("began_at"),
        state=state,
        reason=reason,
        detail=detail,
        repository=row["repository"],
        service=row.get("service"),
        model=row.get("model"),
        columns={name: row[name] for name in control.columns if name in row},
        person=row.get(PERSON),
    )


def _seen(control: Control, row: Mapping[str, Any], lacking: str | None) -> _Verdict:
    if row["is_later"]:
        return State.UNKNOWN, Reason.NO_DATA, "it was first read after the period"
    if row["is_stale"]:
        return State.UNKNOWN, Reason.STALE, "its source was not read again for too long"
    said = _tested(row)
    return (_unseen(row, lacking) if _rests_on_absence(control, *said[:2]) else None) or said


def _unseen(row: Mapping[str, Any], lacking: str | None) -> _Verdict | None:
    """What cannot be told of a member for lack of evidence; None: nothing is lacking."""
    if row["refused_reason"] is not None:
        return State.UNKNOWN, Reason(row["refused_reason"]), row["refused_what"]
    untold = row["untold_entity"]
    if untold is not None:
        return State.UNKNOWN, Reason.NOT_SUPPORTED, f"its source tells of no {untold}"
    if lacking is not None:
        return State.UNKNOWN, Reason.NOT_SUPPORTED, f"no source tells of any {lacking}"
    return None


def _rests_on_absence(control: Control, state: State, reason: Reason | None) -> bool:
    if state is State.UNKNOWN:
        return reason is Reason.NO_DATA
    if state is State.PASS:
        return control.absence is Absence.PASSES
    # Who finds that it does not apply may have found nothing, because nothing was told.
    return state in (State.FAIL, State.NOT_APPLICABLE) and control.absence is not Absence.UNKNOWN


def _tested(row: Mapping[str, Any]) -> _Verdict:
    """What the test says; one that says nothing, too much, or no state is an error."""
    if row["answers"] is None:
        return State.ERROR, None, "the test says nothing of it"
    if row["answers"] > 1:
        return State.ERROR, None, f"the test says {row['answers']} things of it"
    try:
        state = State(row["tested_state"])
    except ValueError:
        return State.ERROR, None, f"the test says `{row['tested_state']}` of it, which is no state"
    try:
        reason = Reason(row["tested_reason"]) if row["tested_reason"] is not None else None
    except ValueError:
        return State.ERROR, None, f"the test says `{row['tested_reason']}` as reason"
    if state is State.UNKNOWN and reason is None:
        reason = Reason.NO_DATA
    return state, reason if state is State.UNKNOWN else None, row["tested_detail"]
