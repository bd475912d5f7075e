"""What every report of controls is made from: outcomes of one period, and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from data.controls.framework import Clause, Framework
from data.controls.outcome import Outcome
from data.errors import CairnError
from data.period import Window


class ReportRefused(CairnError):
    """A report cannot be made of what it was asked to hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A waiver in force, as a report tells it."""

    id: str
    reason: str
    """Such as `risk_accepted`."""
    justification: str
    requester: str
    requested_at: datetime
    approver: str
    approved_at: datetime
    approval: str
    """Why it was approved."""
    until: date
    """The last day (UTC) on which it is in force."""
    ticket: str | None = None
    compensating: str | None = None
    """The control that keeps the harm away instead."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of the ledger that a report was made at."""

    origin: str
    size: int
    root: bytes


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
        waivers: those that results name, by id.
        evidence: files that go along.
        checkpoint: of the ledger, where there is one.

    Raises:
        ReportRefused: if there is no outcome, or they are not of one snapshot and period.
    """

    organisation: str
    tool: str
    outcomes: tuple[Outcome, ...]
    framework: Framework | None = None
    waivers: Mapping[str, Waived] = field(default_factory=dict)
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
