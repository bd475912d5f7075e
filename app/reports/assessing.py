"""An assessment of outcomes with what belongs to them: framework, decisions, the log's head."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from app.reports.assessment import Assessment
from data.configuration import Configuration
from data.controls.examination import Examination
from data.controls.outcome import Outcome
from data.ledger.checkpoint import Checkpoint
from data.ledger.ledger import Ledger
from data.trail.keeping import PUBLISHED


def assessed(
    rules: Examination,
    configuration: Configuration,
    outcomes: Sequence[Outcome],
    framework: str | None,
    ledger: Ledger,
) -> Assessment:
    """The assessment that every report is made from.

    Args:
        rules: what the outcomes were evaluated with.
        configuration: whose they are.
        outcomes: of one snapshot and period.
        framework: the one whose clauses are answered, by its id.
        ledger: the log that holds the snapshot.

    Raises:
        ReportRefused: if there is no outcome.
        UnknownControl: if there is no such framework.
    """
    return Assessment(
        organisation=configuration.organisation.name,
        tool=version("cairn-xops"),
        outcomes=tuple(outcomes),
        framework=rules.known.framework(framework) if framework else None,
        waivers=rules.made.waivers,
        attestations=rules.made.attestations,
        checkpoint=_checkpoint(ledger, outcomes[0].snapshot) if outcomes else None,
    )


def _checkpoint(ledger: Ledger, snapshot: str) -> Checkpoint | None:
    """The head of the log when the snapshot was logged; None: it was not."""
    found = ledger.find(f"{PUBLISHED}:{snapshot}")
    return ledger.covering(found[0].number) if found else None
