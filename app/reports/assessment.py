"""What every report of controls is made from: outcomes of one period, and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.controls.framework import Clause, Framework
from data.controls.outcome import Outcome
from data.decisions.attestation import NO_ATTESTATIONS, Attestation, Attestations
from data.decisions.waiver import NO_WAIVERS, Step, Waiver, Waivers
from data.errors import CairnError
from data.ledger.checkpoint import Checkpoint
from data.period import Window


class ReportRefused(CairnError):
    """A report cannot be made of what it was asked to hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file that goes along with a report, or that it refers to."""

    title: str
    href: str
    """Where it is: a path beside the report, or an address."""
    sha256: str
    """Of its bytes, in hexadecimal digits."""
    media_type: str | None = None
    control: str | None = None
    """Id of the control that it is of; None: of the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Controls evaluated on one snapshot, for one period.

    Attributes:
        organisation: its name, for the reader.
        tool: Cairn's version.
        outcomes: at most one of a control and team.
        framework: the one whose clauses are answered; None: no mapping is shown.
        waivers: those that results name are among them.
        attestations: likewise.
        evidence: files that go along.
        checkpoint: of the ledger, where there is one.

    Raises:
        ReportRefused: if there is no outcome, or they are not of one snapshot and period.
    """

    organisation: str
    tool: str
    outcomes: tuple[Outcome, ...]
    framework: Framework | None = None
    waivers: Waivers = NO_WAIVERS
    attestations: Attestations = NO_ATTESTATIONS
    evidence: tuple[Evidence, ...] = ()
    checkpoint: Checkpoint | None = None

    def __post_init__(self) -> None:
        if not self.outcomes:
            raise ReportRefused("no control was evaluated", "report", "name others, or none")
        of = {(one.snapshot, one.as_of, one.window) for one in self.outcomes}
        if len(of) > 1:
            what, fix = "outcomes of several snapshots or periods", "make a report of each"
            raise ReportRefused(what, "report", fix)
        twice = [(one.control.id, one.team) for one in self.outcomes]
        if len(set(twice)) < len(twice):
            raise ReportRefused("a control is there twice for one team", "report", "name it once")

    @property
    def snapshot(self) -> str:
        """Id of the snapshot that was asked."""
        return self.outcomes[0].snapshot

    @property
    def as_of(self) -> datetime:
        """Until when its sources were read; UTC."""
        return self.outcomes[0].as_of

    @property
    def window(self) -> Window:
        """The days that were asked for."""
        return self.outcomes[0].window

    def answered(self) -> list[tuple[Clause, Outcome]]:
        """The clauses that have controls, in their order, each with the outcome of each of these.

        Raises:
            ReportRefused: if a control is mapped to a clause that the framework does not have.
        """
        if self.framework is None:
            return []
        by_id, name = self.framework.by_id, self.framework.id
        mapped = [
            (each, one) for one in self.outcomes for each in one.control.clauses.get(name, ())
        ]
        for clause, outcome in mapped:
            if clause not in by_id:
                what = f"`{name}` has no clause `{clause}`"
                raise ReportRefused(what, outcome.control.id, "mend the control's file")
        place = {clause: index for index, clause in enumerate(by_id)}
        ordered = sorted(mapped, key=lambda pair: place[pair[0]])
        return [(by_id[clause], outcome) for clause, outcome in ordered]

    def waiver(self, name: str) -> tuple[Waiver, Step]:
        """A waiver that a result names, with its approval.

        Raises:
            ReportRefused: if it is not among those of the assessment, or was never approved.
        """
        found = self.waivers.find(name)
        if found is None or found.approved is None:
            what = f"a result names the waiver {name}, of which no approval is told"
            raise ReportRefused(what, "report", "pass the waivers of the outcomes along")
        return found, found.approved

    def attestation(self, name: str) -> Attestation:
        """An attestation that a result names.

        Raises:
            ReportRefused: if it is not among those of the assessment.
        """
        found = self.attestations.find(name)
        if found is None:
            what = f"a result names the attestation {name}, which is not there"
            raise ReportRefused(what, "report", "pass the attestations of the outcomes along")
        return found
