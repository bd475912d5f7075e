"""The proofs beside a pack: that the log holds it, its snapshot, and the decisions it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.reports.assessment import Assessment
from app.reports.pack.contents import Files
from app.reports.pack.manifest import NAME
from data.ledger.ledger import Appended, Ledger
from data.ledger.refusal import NotInLedger
from data.trail.exported import Export, Through, exported


def proofs(
    ledger: Ledger, assessment: Assessment, files: Files, by: tuple[str | None, datetime]
) -> tuple[Files, list[str], Appended]:
    """Logs that a pack was written, and gives the proofs that belong to it.

    Args:
        ledger: the log.
        assessment: what the pack is of.
        files: its files, with the manifest.
        by: who writes it, as far as it is known, and when.

    Returns:
        The files, the ids of events that should be in the log and are not, and what was appended.

    Raises:
        LedgerBroken: if the log is not what was signed.
        LedgerRefused: if disk or database say no.
    """
    account, at = by
    export = _export(assessment, account)
    written = exported(export, files[NAME], ledger.people, at)
    done = ledger.append([written])
    found: Files = {"proofs/ledger.vkey": f"{ledger.key()}\n".encode()}
    missing = []
    for name, event in (("manifest", written.id), *_named(assessment)):
        try:
            found[f"proofs/{name}.tlog-proof"] = str(ledger.prove(event)).encode()
        except NotInLedger:
            missing.append(event)
    return found, missing, done


def _export(assessment: Assessment, account: str | None) -> Export:
    """What the log says of a pack: the bytes that it names are those of its manifest."""
    framework = assessment.framework.id if assessment.framework else None
    outcomes = assessment.outcomes
    return Export(
        subject="evidence pack",
        title=f"evidence pack {framework or ''} {assessment.window.label}",
        through=Through.COMMAND,
        account=account,
        definition="; ".join(
            f"{one.control.id}, version {one.control.version}, sha256 {one.control.sha256}"
            for one in outcomes
        ),
        filters={"framework": framework, "team": outcomes[0].team},
        period=assessment.window,
        snapshot=assessment.snapshot,
        rows=sum(len(one.results) for one in outcomes),
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
