"""The pages of a sample: of each member that was drawn, what an auditor tests it with again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.reports.assessment import Assessment
from app.reports.pack.tables import Row
from data.controls.evidence.piece import Piece
from data.controls.outcome import Result

Samples = Mapping[str, tuple[Result, ...]]
"""The sample of each control."""

Pieces = Mapping[str, tuple[Piece, ...]]
"""The evidence of members, by their ids."""

EVIDENCE = ("control", "number", "part", "what", "who", "happened_at", "says", "url")


def evidence(assessment: Assessment, samples: Samples, pieces: Pieces) -> Iterator[Row]:
    """One row is one piece of evidence of one member, named by its place in the sample."""
    for outcome in assessment.outcomes:
        for number, one in enumerate(samples.get(outcome.control.id, ()), start=1):
            for piece in pieces.get(one.id, ()):
                yield {
                    "control": outcome.control.id,
                    "number": number,
                    "part": piece.part,
                    "what": piece.what,
                    "who": ", ".join(piece.who),
                    "happened_at": piece.happened_at,
                    "says": piece.says,
                    "url": piece.url,
                }
