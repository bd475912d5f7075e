"""Outcomes to make reports of: one control of each state, waivers, evidence, a checkpoint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from app.reports.assessment import Assessment
from app.reports.assessment import Evidence as File
from data.configuration.waivers import WaiverReason
from data.controls.definition import Control
from data.controls.framework import frameworks
from data.controls.outcome import Outcome, Result, Statement
from data.controls.state import Reason, State
from data.decisions.attestation import Answer, Attestation, Attestations, Attested
from data.decisions.evidence import Evidence
from data.decisions.scope import ORGANISATION, Scope, ScopeKind
from data.decisions.waiver import Step, Waiver, Waivers
from data.ledger.checkpoint import Checkpoint
from data.period import Window

QUARTER = Window(date(2026, 7, 1), date(2026, 10, 1))
AS_OF = datetime(2026, 10, 3, 4, 5, 6, 789, tzinfo=UTC)
MERGED_AT = datetime(2026, 8, 17, 13, 30, tzinfo=UTC)
NONE: Mapping[str, Any] = MappingProxyType({})


def control(id_: str, *clauses: str, **others: Any) -> Control:
    """A control that is mapped to clauses of SOC 2."""
    said = {
        "id": id_,
        "title": f"Title of {id_}",
        "version": 3,
        "area": "change management",
        "statement": f"What {id_} asks for.",
        "why": "One person alone can break production.",
        "fix": "Require a review.",
        "source": "own",
        "severity": "high",
        "frequency": "daily",
        "owner": "CoE",
        "counts": ("change", "changes"),
        "over": "events",
        "rows_from": ("change",),
        "population": "select 1",
        "clauses": {"soc2": clauses},
        "sha256": hashlib.sha256(id_.encode()).hexdigest(),
    }
    return Control.model_validate({**said, **others})


def result(id_: str, state: State, **others: Any) -> Result:
    """One member of a population."""
    said = {
        "source": "host",
        "title": f"Change {id_}",
        "url": f"https://host.example/acme/web/pull/{id_}",
        "team": "payments",
        "happened_at": MERGED_AT,
    }
    return Result(id=f"host:acme/web#pull/{id_}", state=state, **{**said, **others})


def outcome(of: Control, *results: Result, **others: Any) -> Outcome:
    """What a control came to in the third quarter."""
    said = {
        "snapshot": "20261003T040506",
        "as_of": AS_OF,
        "team": None,
        "window": QUARTER,
        "parameters": NONE,
        "excluded": NONE,
        "statement": Statement("select 1", {"start": date(2026, 7, 1)}),
    }
    return Outcome(control=of, results=results, **{**said, **others})


WAIVER = Waiver(
    id="w1",
    control="CM-02",
    scope=Scope(ScopeKind.TEAM, "payments"),
    reason=WaiverReason.RISK_ACCEPTED,
    justification="The old service goes in November.",
    requester="m.alder",
    start=date(2026, 8, 21),
    until=date(2026, 10, 31),
    ticket="RISK-7",
    compensating="Weekly look at what was merged.",
    requested_at=datetime(2026, 8, 20, 9, tzinfo=UTC),
    asked_by=("m.alder",),
    approved=Step("a1", "r.birch", "Agreed for now.", datetime(2026, 8, 21, 10, tzinfo=UTC)),
)
ATTESTATION = Attestation(
    id="t1",
    told=Attested(
        control="AC-02",
        scope=ORGANISATION,
        start=date(2026, 7, 1),
        end=date(2026, 10, 1),
        answer=Answer.HOLDS,
        statement="All 42 members were looked at.",
        evidence=(
            Evidence("https://wiki.example/access/2026-Q3"),
            Evidence("evidence/access.csv", "ab" * 32, 17),
        ),
        attested_by="l.cedar",
        reviewer="r.birch",
        until=date(2027, 1, 31),
    ),
    until=date(2027, 1, 31),
    decided_at=datetime(2026, 10, 2, tzinfo=UTC),
)
UNREVIEWED = {"state": State.FAIL, "detail": "Nobody but its author approved it."}


def outcomes() -> tuple[Outcome, ...]:
    """One control of each state; of the failing one, a failing change is waived."""
    failing = outcome(
        control("CM-02", "CC8.1", columns=("author", "labels"), names=("author",)),
        result("1", State.PASS),
        result("2", **UNREVIEWED, columns={"author": "m.alder", "labels": ["a", "b"], "no": None}),
        result("3", **UNREVIEWED, waiver="w1"),
        result("4", State.UNKNOWN, reason=Reason.NO_PERMISSION, detail="Reviews are refused."),
        result("5", State.NOT_APPLICABLE),
        parameters={"days": 7, "branches": ("main", "release")},
        excluded={"bots": 12},
    )
    manual = control("AC-02", "CC6.2", "CC6.3", kind="manual")
    return (
        failing,
        outcome(control("CM-03", "CC8.1", "CC6.3"), result("6", State.PASS), team="payments"),
        outcome(control("BP-01", "CC6.1"), result("7", State.UNKNOWN, reason=Reason.STALE)),
        outcome(control("DP-03", "CC6.8")),
        outcome(
            manual,
            result("8", State.MANUAL, url=None, happened_at=None, team=None, attestation="t1"),
        ),
        outcome(control("VM-04", "CC7.1"), error="the column `x` is not there"),
        outcome(control("IN-01", clauses={"iso27001": ("A.8.9",)}), result("9", State.FAIL)),
    )


def assessment(of: Sequence[Outcome] | None = None, **others: Any) -> Assessment:
    """The outcomes for SOC 2."""
    said = {
        "organisation": "Example Works",
        "tool": "0.1.0",
        "outcomes": tuple(outcomes() if of is None else of),
        "framework": frameworks()["soc2"],
        "waivers": Waivers((WAIVER,)),
        "attestations": Attestations((ATTESTATION,)),
        "evidence": (
            File(
                title="Members of CM-02",
                href="results/CM-02.csv",
                sha256=hashlib.sha256(b"csv").hexdigest(),
                media_type="text/csv",
                control="CM-02",
            ),
            File(title="Ledger", href="ledger log.note", sha256="00" * 32),
        ),
        "checkpoint": Checkpoint("example.works/ledger", 1234, bytes(range(32))),
    }
    return Assessment(**{**said, **others})
