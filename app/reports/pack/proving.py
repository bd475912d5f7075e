"""The proofs beside a pack: that the log holds it, its snapshot, and the decisions it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.reports.assessment import Assessment
from app.reports.pack.contents import Files
from app.reports.pack.manifest import NAME, digest
from data.ledger.event import Event
from data.ledger.ledger import Ledger
from data.ledger.refusal import NotInLedger

KIND = "export.written"


def proofs(
    ledger: Ledger, assessment: Assessment, files: Files, by: tuple[str, datetime]
) -> tuple[Files, list[str]]:
    """Logs that a pack was written, and gives the proofs that belong to it.

    Args:
        ledger: the log.
        assessment: what the pack is of.
        files: its files, with the manifest.
        by: who writes it, and when.

    Returns:
        The files, and the ids of events that should be in the log and are not.

    Raises:
        LedgerBroken: if the log is not what was signed.
        LedgerRefused: if disk or database say no.
    """
    written = _written(ledger, assessment, files[NAME], by)
    ledger.append([written])
    found: Files = {"proofs/ledger.vkey": f"{ledger.key()}\n".encode()}
    missing = []
    for name, event in (("manifest", written.id), *_named(assessment)):
        try:
            found[f"proofs/{name}.tlog-proof"] = str(ledger.prove(event)).encode()
        except NotInLedger:
            missing.append(event)
    return found, missing


def _written(
    ledger: Ledger, assessment: Assessment, manifest: bytes, by: tuple[str, datetime]
) -> Event:
    who, at = by
    sha256 = digest(manifest)
    framework = assessment.framework.id if assessment.framework else None
    return Event(
        kind=KIND,
        id=f"{KIND}:{sha256}",
        observed_at=at,
        happened_at=at,
        actor=ledger.people.pseudonym(who),
        subject="evidence pack",
        source="cairn",
        after=sha256,
        data={
            "title": f"evidence pack {framework or ''} {assessment.window.label}",
            "framework": framework,
            "period": assessment.window.label,
            "snapshot": assessment.snapshot,
        },
    )


def _named(assessment: Assessment) -> Iterator[tuple[str, str]]:
    yield "snapshot", f"snapshot.published:{assessment.snapshot}"
    for decision in sorted(set(_decisions(assessment))):
        yield f"decision-{decision}", f"decision:{decision}"


def _decisions(assessment: Assessment) -> Iterable[str]:
    for outcome in assessment.outcomes:
        for result in outcome.results:
            if result.attestation is not None:
                yield result.attestation
            if result.waiver is not None:
                waiver, approved = assessment.waiver(result.waiver)
                yield waiver.id
                yield approved.id
