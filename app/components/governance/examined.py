"""What controls came to, asked once for each snapshot, rules, decisions and days.

What is kept of many controls is counted; rows are kept only of the few evaluations looked at last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from time import monotonic
from typing import Any

import streamlit as st

from app.components.governance.log_checks import newest_check
from app.components.published import workspace
from app.viewer import sees_names
from data.configuration import load
from data.controls.definition import Control
from data.controls.engine import Asked
from data.controls.examination import Examination
from data.controls.kept import kept, mark
from data.controls.outcome import Outcome
from data.controls.reconciliation import Reconciliation, reconciled
from data.controls.tally import Tally, tallied
from data.period import Window
from data.store.snapshot import Snapshot
from data.store.workspace import Workspace

_PATIENCE_SECONDS = 0.3
"""An answer that takes longer shows how far it is."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules and decisions as they are now, and what tells them from what they were."""

    examination: Examination
    sees_names: bool
    key: str


_BY_ID: dict[str | type[Any], Callable[[Any], Any]] = {
    Snapshot: attrgetter("id"),
    Rules: attrgetter("key"),
}


def rules() -> Rules:
    """The rules, parameters and decisions of the folder that is served.

    Raises:
        CairnError: if the configuration, a definition or a decision cannot be read.
    """
    folder = workspace().folder
    return _rules(str(folder), _signature(folder))


def _signature(folder: Path) -> str:
    """Changes when any file does that rules or decisions are read from, or the log is checked."""
    files = [
        folder / "cairn.toml",
        *sorted(folder.glob("decisions.db*")),
        *sorted(folder.glob("controls/*")),
        *sorted(folder.glob("frameworks/*")),
    ]
    told: list[object] = [newest_check(folder)]
    for file in files:
        try:
            stat = file.stat()
        except OSError:
            continue
        told.append((str(file), stat.st_ino, stat.st_mtime_ns, stat.st_size))
    return hashlib.sha256(repr(told).encode()).hexdigest()


@st.cache_resource(max_entries=2, show_spinner=False)
def _rules(folder: str, signature: str) -> Rules:
    at = Workspace(Path(folder))
    configuration = load(at.configuration)
    return Rules(Examination.of(at, configuration), sees_names(configuration), signature)


def tallies(
    snapshot: Snapshot, rules: Rules, windows: Sequence[Window], chosen: Collection[Control]
) -> dict[Window, dict[str, Tally]]:
    """What controls came to over each of some windows, counted by team; shows how far it is."""
    wanted = [(window, control) for window in windows for control in chosen]
    found = {window: dict(_kept(snapshot, rules, window)) for window in dict(wanted)}
    missing = [(window, control) for window, control in wanted if control.id not in found[window]]
    marks = {window: _marks(snapshot, rules, window) for window in dict(missing)}
    slot, began = st.empty(), monotonic()
    for done, (window, control) in enumerate(missing, start=1):
        marked = _Marked(rules, marks[window][control.id])
        found[window][control.id] = _tally(snapshot, marked, control.id, window)
        if monotonic() - began > _PATIENCE_SECONDS:
            words = f"Evaluating controls: {done} of {len(missing)}"
            slot.progress(done / len(missing), words)
    slot.empty()
    return {
        window: {control.id: found[window][control.id] for control in chosen} for window in found
    }


@dataclass(frozen=True, slots=True)
class _Marked:
    """The rules, known by all that an evaluation of one control rests on, and by nothing else.

    A decision about one control leaves what is known of the others.
    """

    rules: Rules
    mark: str

    @property
    def key(self) -> tuple[str, bool]:
        """What tells it from others."""
        return self.mark, self.rules.sees_names


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=_BY_ID)
def _kept(snapshot: Snapshot, rules: Rules, window: Window) -> dict[str, Tally]:
    """What the last sync kept of these days, as far as it would come out the same."""
    at = workspace()
    return kept(at, rules.examination, snapshot, window, sees_names=rules.sees_names)


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=_BY_ID)
def _marks(snapshot: Snapshot, rules: Rules, window: Window) -> dict[str, str]:
    made = rules.examination
    return {name: mark(made, snapshot, one, window) for name, one in made.known.controls.items()}


@st.cache_resource(
    max_entries=2000,
    show_spinner=False,
    hash_funcs={Snapshot: attrgetter("id"), _Marked: attrgetter("key")},
)
def _tally(snapshot: Snapshot, marked: _Marked, control: str, window: Window) -> Tally:
    made = marked.rules.examination
    (outcome,) = made.outcomes(snapshot, window, None, [made.known.controls[control]])
    return tallied(outcome, sees_names=marked.rules.sees_names)


@st.cache_resource(max_entries=6, show_spinner="Evaluating the control …", hash_funcs=_BY_ID)
def outcome(
    snapshot: Snapshot, rules: Rules, control: str, window: Window, team: str | None
) -> Outcome:
    """What one control came to, with its rows."""
    (found,) = rules.examination.outcomes(
        snapshot,
        window,
        team,
        [rules.examination.known.controls[control]],
        sees_names=rules.sees_names,
    )
    return found


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=_BY_ID)
def reconciliation(
    snapshot: Snapshot, rules: Rules, control: str, window: Window, team: str | None
) -> Reconciliation:
    """Whether that adds up to the population.

    Raises:
        StatementRefused: if the SQL of the population is wrong.
    """
    made = rules.examination
    asked = Asked(window, team, made.parameters, made.made.given, sees_names=rules.sees_names)
    return reconciled(snapshot, outcome(snapshot, rules, control, window, team), asked)
