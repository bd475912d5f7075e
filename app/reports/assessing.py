"""An assessment of outcomes with what belongs to them: framework, decisions, the log's head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

from app.reports.assessment import Assessment
from app.viewer import sees_names
from data.configuration import Configuration
from data.controls.decided import Decided
from data.controls.examination import Examination
from data.controls.outcome import Outcome
from data.decisions.attestation import Attestations
from data.decisions.scope import Scope, ScopeKind
from data.decisions.waiver import Waivers
from data.ledger.checkpoint import Checkpoint
from data.ledger.ledger import Ledger
from data.ledger.people import People
from data.trail.keeping import PUBLISHED


def assessed(
    rules: Examination,
    configuration: Configuration,
    outcomes: Sequence[Outcome],
    framework: str | None,
    ledger: Ledger,
) -> Assessment:
    """The assessment that every report is made from.

    Where people are not to be named, ids that would tell one are pseudonyms: always the same ones,
    also where a waiver or an attestation is of one row.

    Args:
        rules: what the outcomes were evaluated with.
        configuration: whose they are.
        outcomes: of one snapshot and period.
        framework: the one whose clauses are answered, by its id.
        ledger: the log that holds the snapshot.

    Raises:
        ReportRefused: if there is no outcome.
        UnknownControl: if there is no such framework.
        LedgerRefused: if pseudonyms cannot be made.
    """
    outcomes = veiled(configuration, outcomes, ledger)
    made = rules.made if sees_names(configuration) else _unnamed(rules, ledger.people)
    return Assessment(
        organisation=configuration.organisation.name,
        tool=version("cairn-xops"),
        outcomes=tuple(outcomes),
        framework=rules.known.framework(framework) if framework else None,
        waivers=made.waivers,
        attestations=made.attestations,
        checkpoint=_checkpoint(ledger, outcomes[0].snapshot) if outcomes else None,
    )


def veiled(
    configuration: Configuration, outcomes: Sequence[Outcome], ledger: Ledger
) -> list[Outcome]:
    """The outcomes as they are told: with pseudonyms for ids of people who are not to be named.

    Raises:
        LedgerRefused: if pseudonyms cannot be made.
    """
    if sees_names(configuration):
        return list(outcomes)
    return [_veiled(one, ledger.people) for one in outcomes]


def _veiled(outcome: Outcome, people: People) -> Outcome:
    """The outcome with pseudonyms in place of ids, if its members are people."""
    if not outcome.control.is_about_people:
        return outcome
    members = [one.id for one in outcome.results if not one.is_place]
    ids = people.unnoted([*members, *(one.id for one in outcome.left_out)])
    results = [one if one.is_place else replace(one, id=ids[one.id]) for one in outcome.results]
    left_out = [replace(one, id=ids[one.id]) for one in outcome.left_out]
    return replace(outcome, results=tuple(results), left_out=tuple(left_out), _counted={})


def _unnamed(rules: Examination, people: People) -> Decided:
    """The decisions, with pseudonyms of rows that are people in place of their ids."""
    made, known = rules.made, rules.known.controls

    def veil(control: str, scope: Scope) -> Scope:
        is_shy = control not in known or known[control].is_about_people
        if scope.kind is not ScopeKind.ROW or not is_shy:
            return scope
        return Scope(scope.kind, people.known(scope.name))

    waived = (replace(one, scope=veil(one.control, one.scope)) for one in made.waivers.all)
    attested = (
        replace(one, told=replace(one.told, scope=veil(one.told.control, one.told.scope)))
        for one in made.attestations.all
    )
    return replace(made, waivers=Waivers(tuple(waived)), attestations=Attestations(tuple(attested)))


def _checkpoint(ledger: Ledger, snapshot: str) -> Checkpoint | None:
    """The head of the log when the snapshot was logged; None: it was not."""
    found = ledger.find(f"{PUBLISHED}:{snapshot}")
    return ledger.covering(found[0].number) if found else None
