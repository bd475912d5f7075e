"""What people of the invented organisation answered for, where no source tells."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from data.decisions.attestation import Answer, Attested
from data.decisions.attesting import attest
from data.decisions.book import Book
from data.decisions.evidence import Evidence
from data.decisions.scope import parse_scope

_QUARTER = (date(2026, 7, 1), date(2026, 10, 1))
_UNTIL = date(2027, 3, 31)
_DECIDED_AT = datetime(2026, 10, 6, 8, 40, tzinfo=UTC)
_WIKI = "https://wiki.tarnfell.example"

_ANSWERED = (
    ("ML-09", "organisation", Answer.HOLDS, "assessments of all five models were renewed in July",
     "model-board/assessments-2026", "model board", "risk office"),
    ("ML-10", "organisation", Answer.HOLDS, "each has a named person, and the way back was tried",
     "model-board/oversight-2026", "model board", "risk office"),
    ("ML-11", "model:fraud-score", Answer.HOLDS, "decisions are kept for twelve months",
     "payments/decision-log", "payments lead", "risk office"),
    ("PD-01", "organisation", Answer.HOLDS, "each team looked its record over with the office",
     "privacy/records-2026", "platform council", "privacy office"),
    ("IR-01", "team:payments", Answer.HOLDS, "each was looked back on within the week",
     "payments/reviews-q3", "payments lead", "platform council"),
    ("IR-01", "team:warehouse", Answer.DOES_NOT_HOLD, "two of the quarter were never looked at",
     "warehouse/reviews-q3", "warehouse lead", "platform council"),
    ("DP-03", "organisation", Answer.HOLDS, "images are signed, and no cluster takes others",
     "platform/signing", "platform lead", "security office"),
    ("DP-06", "team:customs", Answer.HOLDS, "bills of materials lie beside the releases",
     "customs/materials", "customs lead", "security office"),
    ("VM-01", "team:payments", Answer.HOLDS, "search and refusal are on in all repositories",
     "payments/secrets", "payments lead", "security office"),
)  # fmt: skip


def decide_attestations(folder: Path) -> None:
    """Records them, once.

    Raises:
        DecisionsRefused: if the file cannot be written.
    """
    book = Book(folder)
    for control, scope, answer, statement, page, by, reviewer in _ANSWERED:
        told = Attested(
            control=control,
            scope=parse_scope(scope),
            start=_QUARTER[0],
            end=_QUARTER[1],
            answer=answer,
            statement=statement,
            evidence=(Evidence(f"{_WIKI}/{page}"),),
            attested_by=by,
            reviewer=reviewer,
            until=_UNTIL,
        )
        attest(book, told, _DECIDED_AT)
