"""What controls come to today with every decision there is: at once after one was taken.

The evidence is evaluated once for each snapshot; decisions are laid over it at each run. Of the
rows only those are kept that a decision can be about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from time import monotonic

import streamlit as st

from app.components.decisions.desk import Desk
from app.components.governance.examined import Rules
from data.controls.decided import laid_over
from data.controls.definition import Control
from data.controls.engine import Asked, evaluate
from data.controls.outcome import Counts, Outcome, Result, counted
from data.controls.state import Reason, State
from data.controls.waivable import is_about_few
from data.decisions.scope import Above, Scope
from data.period import Window
from data.store.snapshot import Snapshot

_ANSWERABLE = (Reason.NOT_ATTESTED, Reason.NOT_SUPPORTED)
_PATIENCE_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Judged:
    """One control as it stands today."""

    control: Control
    counts: Counts
    failing: tuple[Result, ...]
    """Each with the waiver in force today that covers it."""
    waiting: tuple[Result, ...]
    """Members that a person may answer for, and nobody has."""
    attested: tuple[Result, ...]
    """Members whose state rests on the word of a person."""
    people: tuple[Result, ...] = ()
    """All members that are people, where names are hidden: what is told of few of them is not."""
    is_withheld: bool = False
    """Whether the team is about too few people for anything to be told."""

    def hides(self, scope: Scope, above: Above) -> bool:
        """Whether what is in a scope is about too few people to be told."""
        return self.is_withheld or is_about_few(self.people, scope, above)

    def waived_by(self, waiver: str) -> tuple[Result, ...]:
        """The failing rows that one waiver covers: of several the narrowest does."""
        return tuple(one for one in self.failing if one.waiver == waiver)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """All that the evidence of a control depends on but the snapshot."""

    rules: Rules
    key: str


@dataclass(frozen=True, slots=True)
class _Bare:
    """An outcome before decisions: the rows that one can be about, and the rest counted."""

    open: Outcome
    rest: Counts
    people: tuple[Result, ...]


def judged(desk: Desk, chosen: Iterable[Control]) -> Mapping[str, Judged]:
    """What some controls come to for the chosen team and days; shows how far it is."""
    evidence = _evidence(desk.rules)
    wanted = list(chosen)
    asking = desk.asking
    found = {}
    slot, began = st.empty(), monotonic()
    for done, control in enumerate(wanted, start=1):
        bare = _bare(desk.snapshot, evidence, control.id, asking.window, asking.name)
        found[control.id] = _laid(desk, control, bare)
        if monotonic() - began > _PATIENCE_SECONDS:
            slot.progress(done / len(wanted), f"Evaluating controls: {done} of {len(wanted)}")
    slot.empty()
    return found


def _laid(desk: Desk, control: Control, bare: _Bare) -> Judged:
    now = laid_over(bare.open, desk.made, desk.above, desk.today)
    return Judged(
        control,
        bare.rest + counted(now.results),
        tuple(one for one in now.results if one.state is State.FAIL),
        tuple(one for one in now.results if one.reason in _ANSWERABLE),
        tuple(one for one in now.results if one.attestation is not None),
        bare.people,
        now.is_withheld,
    )


def _evidence(rules: Rules) -> _Evidence:
    """Waivers and attestations are laid over; reviews of access are read by controls themselves."""
    made = rules.examination
    told = (
        [(name, one.sha256) for name, one in made.known.controls.items()],
        made.parameters,
        made.made.given.rows,
        rules.sees_names,
    )
    return _Evidence(rules, hashlib.sha256(repr(told).encode()).hexdigest())


@st.cache_resource(
    max_entries=400,
    show_spinner=False,
    hash_funcs={Snapshot: attrgetter("id"), _Evidence: attrgetter("key")},
)
def _bare(
    snapshot: Snapshot, evidence: _Evidence, control: str, window: Window, team: str | None
) -> _Bare:
    made = evidence.rules.examination
    asked = Asked(
        window, team, made.parameters, made.made.given, sees_names=evidence.rules.sees_names
    )
    found = evaluate(snapshot, made.known.controls[control], asked)
    people = [replace(one, columns={}) for one in found.results if one.person is not None]
    open_ = [replace(one, columns={}) for one in found.results if _is_open(one)]
    rest = [one for one in found.results if not _is_open(one)]
    return _Bare(
        replace(found, results=tuple(open_), left_out=(), _counted={}),
        counted(rest, found.excluded, found.error is not None),
        () if asked.sees_names else tuple(people),
    )


def _is_open(one: Result) -> bool:
    """Whether a decision can be about it."""
    return one.state is State.FAIL or one.reason in _ANSWERABLE
