"""What controls came to after the last sync, counted and kept: whoever looks first need not wait.

Kept beside the store and derived from it: a file that is gone, damaged or of something else only
means that controls are evaluated when somebody looks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from data.controls.definition import Control
from data.controls.engine import Asked, set_for, statement_of
from data.controls.examination import Examination
from data.controls.outcome import Counts, Outcome
from data.controls.state import Reason, State
from data.controls.tally import Place, Tally, tallied
from data.durable import write_whole
from data.period import Window
from data.store.refusal import storing
from data.store.snapshot import Snapshot
from data.store.workspace import Workspace


def keep(
    workspace: Workspace, rules: Examination, snapshot: Snapshot, outcomes: Iterable[Outcome]
) -> None:
    """Keeps what controls came to, of the whole organisation, in place of what was kept before.

    Raises:
        StoreRefused: if the disk says no.
    """
    tallies = {
        one.control.id: {
            "mark": mark(rules, snapshot, one.control, one.window),
            "tally": _written(tallied(one)),
        }
        for one in outcomes
    }
    content = {"of": _of(snapshot.id), "tallies": tallies}
    with storing(workspace.store):
        write_whole(_file(workspace), json.dumps(content).encode())


def is_kept(workspace: Workspace, snapshot: str) -> bool:
    """Whether anything is kept of a snapshot, by the code that asks now."""
    return bool(_content(workspace, snapshot))


def kept(
    workspace: Workspace,
    rules: Examination,
    snapshot: Snapshot,
    window: Window,
    *,
    sees_names: bool,
) -> dict[str, Tally]:
    """What was kept and would come out the same now, by control.

    Args:
        workspace: whose controls they are.
        rules: definitions, parameters and decisions as they are now.
        snapshot: the one that is asked about.
        window: the days that are asked about.
        sees_names: whether names of people may be shown; else counts of few are withheld.
    """
    known = rules.known.controls
    return {
        name: _read(known[name], said["tally"], sees_names=sees_names)
        for name, said in _content(workspace, snapshot.id).items()
        if name in known and said["mark"] == mark(rules, snapshot, known[name], window)
    }


def _content(workspace: Workspace, snapshot: str) -> dict[str, Any]:
    """What is kept of a snapshot, by control; nothing where the file is of another, or damaged."""
    try:
        content = json.loads(_file(workspace).read_bytes())
    except (OSError, ValueError):
        return {}
    tallies: dict[str, Any] = content["tallies"] if content.get("of") == _of(snapshot) else {}
    return tallies


def _of(snapshot: str) -> list[str]:
    return [snapshot, _code()]


def _file(workspace: Workspace) -> Path:
    return workspace.store / "tallies.json"


def mark(rules: Examination, snapshot: Snapshot, control: Control, window: Window) -> str:
    """Another one wherever anything is that an evaluation of the organisation rests on.

    Args:
        rules: definitions, parameters and decisions.
        snapshot: the published data.
        control: which one.
        window: the days.
    """
    asked = Asked(window, None, rules.parameters, rules.made.given)
    statement = statement_of(snapshot, control, asked, set_for(control, asked))
    told = (
        control.sha256,
        statement,
        [one for one in rules.made.waivers.all if one.control == control.id],
        [one for one in rules.made.attestations.all if one.told.control == control.id],
        {name: rows for name, rows in rules.made.given.rows.items() if name in statement.sql},
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


@cache
def _code() -> str:
    """Version and hash of what judges: an upgrade counts anew."""
    told = hashlib.sha256(version("cairn-xops").encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()


def _written(one: Tally) -> dict[str, Any]:
    return {
        "by_team": [[team, _counts(counts)] for team, counts in one.by_team.items()],
        "everywhere": _counts(one.everywhere),
        "unseen": _places(one.unseen),
        "untold": _places(one.untold),
        "people": [[team, sorted(some)] for team, some in one.people.items()],
        "error": one.error,
    }


def _counts(one: Counts) -> list[Any]:
    return [dict(one.by_state), one.waived, dict(one.unknown_by), dict(one.excluded)]


def _places(told: Mapping[Place, int]) -> list[list[Any]]:
    return [[one.source, one.repository, one.team, count] for one, count in told.items()]


def _read(control: Control, said: Mapping[str, Any], *, sees_names: bool) -> Tally:
    return Tally(
        control=control,
        by_team={team: _counts_of(told) for team, told in said["by_team"]},
        everywhere=_counts_of(said["everywhere"]),
        unseen={Place(*place): count for *place, count in said["unseen"]},
        untold={Place(*place): count for *place, count in said["untold"]},
        people={team: frozenset(some) for team, some in said["people"]},
        error=said["error"],
        hides_few=not sees_names,
    )


def _counts_of(said: list[Any]) -> Counts:
    by_state, waived, unknown_by, excluded = said
    return Counts(
        {State(name): count for name, count in by_state.items()},
        waived,
        {Reason(name): count for name, count in unknown_by.items()},
        excluded,
    )
