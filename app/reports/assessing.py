"""An assessment of outcomes with what belongs to them: framework, decisions, the log's head."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from app.reports.assessment import Assessment
from data.configuration import Configuration
from data.controls.examination import Examination
from data.controls.outcome import Outcome


def assessed(
    rules: Examination,
    configuration: Configuration,
    outcomes: Sequence[Outcome],
    framework: str | None,
) -> Assessment:
    """The assessment that every report is made from.

    Args:
        rules: what the outcomes were evaluated with.
        configuration: whose they are.
        outcomes: of one snapshot and period.
        framework: the one whose clauses are answered, by its id.

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
    )
