"""What the page of decisions is made from: one snapshot, the rules and decisions of now, a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import streamlit as st

from app.components.governance.asked import Asking
from app.components.governance.examined import Rules
from data.controls.decided import Decided
from data.controls.definition import Control
from data.controls.teams import above
from data.decisions.attestation import Attestations
from data.decisions.scope import Above, Scope
from data.inventory.scope import teams_in
from data.metrics.catalogue import Catalogue
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Desk:
    """What all parts of the page share."""

    snapshot: Snapshot
    rules: Rules
    known: Catalogue
    asking: Asking
    controls: Mapping[str, Control]
    """Those that the filters leave."""
    today: date
    """On which decisions have to stand (UTC)."""
    above: Above
    may_decide: bool

    @property
    def made(self) -> Decided:
        """The decisions of now."""
        return self.rules.examination.made

    @property
    def sees_names(self) -> bool:
        """Whether names of people may be shown."""
        return self.rules.sees_names

    @property
    def attestations(self) -> Attestations:
        """Those that answer for something of the chosen team; all of them where none is chosen."""
        made = self.made.attestations.all
        return Attestations(tuple(one for one in made if self.concerns(one.told.scope)))

    def has(self, control: str) -> bool:
        """Whether the filters leave a control; one that is defined no more only without filters."""
        known = self.rules.examination.known.controls
        return control in self.controls or (len(self.controls) == len(known) != 0)

    def is_shy(self, control: str) -> bool:
        """Whether rows of a control name people to a reader who may see no names."""
        one = self.controls.get(control)
        return not self.sees_names and (one is None or one.is_about_people)

    @property
    def titles(self) -> dict[str, str]:
        """What teams are called."""
        return {team.team: team.title for team in self.known.teams}

    def concerns(self, scope: Scope) -> bool:
        """Whether something of the chosen team is in a scope."""
        members = self.asking.members
        return members is None or not _teams(self.snapshot, scope).isdisjoint(members)


def desk(
    snapshot: Snapshot,
    rules: Rules,
    known: Catalogue,
    asking: Asking,
    *,
    control: str,
    may_decide: bool,
) -> Desk:
    """Lays out what the page needs.

    Args:
        snapshot: the published data.
        rules: definitions, parameters and decisions.
        known: teams.
        asking: the filters.
        control: id of the one control that is asked about; empty: all.
        may_decide: whether decisions are taken from here.
    """
    controls = rules.examination.known.controls
    framework = asking.framework
    return Desk(
        snapshot,
        rules,
        known,
        asking,
        {
            name: one
            for name, one in controls.items()
            if control in ("", name) and (framework is None or one.clauses.get(framework.id))
        },
        datetime.now(UTC).date(),
        above(snapshot),
        may_decide,
    )


@st.cache_resource(
    max_entries=500,
    show_spinner=False,
    hash_funcs={Snapshot: lambda one: one.id, Scope: str},
)
def _teams(snapshot: Snapshot, scope: Scope) -> frozenset[str]:
    return teams_in(snapshot, scope)
