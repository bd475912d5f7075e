"""Gathers what a pack is made from: outcomes, samples, definitions, and the counts to compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.reports.assessing import assessed
from app.reports.assessment import Assessment
from app.reports.pack.contents import Contents
from app.reports.pack.evidence import Pieces, Samples
from app.viewer import sees_names
from data.configuration import Configuration
from data.controls import framework as frameworks
from data.controls.definition import Control
from data.controls.engine import Asked
from data.controls.evidence.piece import pieces
from data.controls.examination import Examination
from data.controls.mainline import mainlines
from data.controls.outcome import Outcome
from data.controls.reconciliation import reconciled
from data.controls.sampling import USUAL_SIZE, sample
from data.ledger.ledger import Ledger
from data.ledger.people import People
from data.period import Window
from data.store.snapshot import Snapshot
from data.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pack is to be of."""

    window: Window
    controls: Sequence[Control]
    framework: str | None = None
    team: str | None = None
    seed: str = ""
    size: int = USUAL_SIZE


def gathered(
    workspace: Workspace,
    configuration: Configuration,
    snapshot: Snapshot,
    wanted: Wanted,
    progress: Callable[[str, int, int | None], None],
) -> Contents:
    """Evaluates the controls and draws the samples.

    Raises:
        CairnError: if a definition, a decision or the log cannot be read.
    """
    rules = Examination.of(workspace, configuration)
    sees = sees_names(configuration)
    asked_of = (wanted.window, wanted.team, wanted.controls, progress)
    outcomes = rules.outcomes(snapshot, *asked_of, sees_names=sees)
    name = wanted.framework
    ledger = Ledger(workspace.folder, configuration.ledger)
    made = assessed(rules, configuration, outcomes, name, ledger)
    asked = Asked(wanted.window, wanted.team, rules.parameters, rules.made.given)
    drawn = {o.control.id: sample(o.results, wanted.seed, wanted.size) for o in made.outcomes}
    return Contents(
        made,
        _about(made, wanted, snapshot, ledger),
        drawn,
        _pieces(snapshot, rules, (outcomes, made, drawn), None if sees else ledger.people),
        {
            one.control.id: reconciled(snapshot, one, asked)
            for one in outcomes
            if one.error is None and not one.is_withheld
        },
        mainlines(snapshot, wanted.window, wanted.team),
        dict(_definitions(rules, outcomes, workspace.folder, name)),
    )


def _pieces(
    snapshot: Snapshot,
    rules: Examination,
    drawing: tuple[Sequence[Outcome], Assessment, Samples],
    people: People | None,
) -> Pieces:
    """The evidence of what was drawn, by the ids that members have in the assessment."""
    outcomes, made, drawn = drawing
    ids = {one.id for members in drawn.values() for one in members}
    told = {
        veiled.id: one.id
        for outcome, shown in zip(outcomes, made.outcomes, strict=True)
        for one, veiled in zip(outcome.results, shown.results, strict=True)
        if veiled.id in ids
    }
    found = pieces(snapshot, set(told.values()), rules.made.given, people)
    return {veiled: found[one] for veiled, one in told.items() if one in found}


def _about(made: Assessment, wanted: Wanted, snapshot: Snapshot, ledger: Ledger) -> dict[str, str]:
    """What to have the answer again with, in words."""
    zone = snapshot.rows("select timezone from setting")[0]["timezone"]
    framework = made.framework
    manifest = snapshot.manifest
    return {
        "Organisation": made.organisation,
        "Framework": f"{framework.title} {framework.edition}" if framework else "all controls",
        "Team": wanted.team or "the whole organisation",
        "Period": f"{made.window.start} up to, not including, {made.window.end}",
        "Calendar": f"the clock of each team; states by that of {zone}; times in tables are UTC",
        "Data as of": made.as_of.isoformat(),
        "Snapshot": f"{made.snapshot}, sha256 {manifest['sha256']}",
        "Configuration": f"sha256 {manifest['configuration']}",
        "Controls": ", ".join(f"{o.control.id} v{o.control.version}" for o in made.outcomes),
        "Parameters": "; ".join(_parameters(made.outcomes)) or "none",
        "Left out": f"{sum(len(o.left_out) for o in made.outcomes)} rows: see left_out.csv",
        "Sample": f"{wanted.size} of each population, seed `{wanted.seed}`",
        "Log": str(ledger.key()),
        "Made by": f"Cairn {made.tool}",
    }


def _parameters(outcomes: Sequence[Outcome]) -> list[str]:
    return [
        f"{one.control.id} {name} = {value}"
        for one in outcomes
        for name, value in one.parameters.items()
    ]


def _definitions(
    rules: Examination, outcomes: Sequence[Outcome], folder: Path, framework: str | None
) -> list[tuple[str, bytes]]:
    """The files of the controls, and of the framework, as they are."""
    found = []
    for one in outcomes:
        name = one.control.id
        found.append((f"definitions/{name}.yaml", rules.known.files[name].path.read_bytes()))
    if framework is not None:
        own = folder / "frameworks" / f"{framework}.yaml"
        path = own if own.exists() else frameworks.SHIPPED / f"{framework}.yaml"
        found.append((f"definitions/frameworks/{framework}.yaml", path.read_bytes()))
    return found
