"""What decisions about controls are held against: which there are, and what is in a scope."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from data.configuration import load
from data.controls.catalogue import catalogue
from data.controls.examination import Examination
from data.controls.outcome import Result
from data.decisions.scope import Scope, ScopeKind
from data.decisions.waiving import Rules
from data.inventory.scope import things_in
from data.metrics.engine import today
from data.period import parse_window
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace


def rules(workspace: Workspace) -> Rules:
    """What a request for a waiver is held against.

    Raises:
        ConfigurationError: if `cairn.toml` cannot be read.
    """
    return Rules(
        load(workspace.configuration).waivers,
        catalogue(workspace.folder).controls.__contains__,
        lambda control, scope: matches(workspace, control, scope),
    )


def matches(workspace: Workspace, control: str, scope: Scope) -> int:
    """How much of what the newest snapshot tells is in a scope, and may be looked at by a control.

    A team has rows of any control sooner or later. What a control has never looked at in a year, as
    changes never name a model, it is not going to.

    Raises:
        NothingPublished: if there is no snapshot yet.
        UnknownControl: if there is no such control.
    """
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        there = things_in(opened, scope)
        if not there or scope.kind not in _NAMED_BY:
            return there
        known = Examination.of(workspace, load(workspace.configuration))
        year = parse_window("365d", today(opened))
        (found,) = known.outcomes(opened, year, chosen=[known.known.control(control)])
    members = [one for one in found.results if not one.is_place]
    return there if not members or any(map(_NAMED_BY[scope.kind](scope), members)) else 0


_NAMED_BY: dict[ScopeKind, Callable[[Scope], Callable[[Result], bool]]] = {
    ScopeKind.MODEL: lambda _: lambda one: one.model is not None,
    ScopeKind.SERVICE: lambda _: lambda one: one.service is not None,
    ScopeKind.REPOSITORY: lambda _: lambda one: one.repository is not None,
    ScopeKind.ROW: lambda scope: lambda one: one.id == scope.name,
}
