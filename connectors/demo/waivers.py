"""Waivers of the invented organisation: asked for, approved, rejected, and over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from data.configuration.waivers import WaiverReason, WaiverSettings
from data.decisions.book import Book
from data.decisions.scope import parse_scope
from data.decisions.waiving import Request, Rules, approve, reject, request

_BOARD = "governance board"
_ANY = Rules(WaiverSettings(), lambda _: True, lambda *_: 1)
"""What is waived is told by the sources that are read afterwards."""

_APPROVED = (
    Request(control="CM-03", scope=parse_scope("team:storefront"),
            reason=WaiverReason.RISK_ACCEPTED, requester="storefront lead",
            justification="pairs learn to ask a third person; until then both approve",
            until=date(2026, 12, 31), ticket="GOV-118"),
    Request(control="AC-05", scope=parse_scope("repository:warehouse-inventory"),
            reason=WaiverReason.MITIGATED, requester="warehouse lead",
            justification="the old build server is replaced in autumn",
            compensating="it reaches no network but that of the builds",
            until=date(2026, 9, 30), ticket="GOV-97"),
    Request(control="BP-01", scope=parse_scope("repository:records-*"),
            reason=WaiverReason.RISK_ACCEPTED, requester="records lead",
            justification="one person keeps these repositories, and they hold no code that runs",
            until=date(2026, 12, 15), ticket="GOV-121"),
    Request(control="DP-01", scope=parse_scope("team:dispatch"),
            reason=WaiverReason.MITIGATED, requester="dispatch lead",
            justification="deployments follow the tests alone until the new gate is there",
            compensating="rolled back by a machine as soon as errors rise",
            until=date(2026, 11, 30), ticket="GOV-124"),
    Request(control="VM-02", scope=parse_scope("repository:routing-tiles"),
            reason=WaiverReason.EMERGENCY, requester="routing lead",
            justification="the key could not be changed during the storm",
            until=date(2026, 8, 20), ticket="GOV-109"),
    Request(control="VM-04", scope=parse_scope("team:warehouse"),
            reason=WaiverReason.MITIGATED, requester="warehouse lead",
            justification="parts that cannot be renewed before the scanners are replaced",
            compensating="the services are reached from the halls alone",
            until=date(2026, 12, 10), ticket="GOV-122"),
    Request(control="VM-04", scope=parse_scope("repository:dispatch-optimizer"),
            reason=WaiverReason.FALSE_POSITIVE, requester="dispatch lead",
            justification="the part is there, and the weak function of it is never called",
            until=date(2026, 12, 10), ticket="GOV-128"),
    Request(control="VM-04", scope=parse_scope("repository:front-of-house"),
            reason=WaiverReason.RISK_ACCEPTED, requester="storefront lead",
            justification="low, and gone with the new checkout in the new year",
            until=date(2027, 1, 15), ticket="GOV-129"),
    Request(control="ML-08", scope=parse_scope("model:driver-match"),
            reason=WaiverReason.RISK_ACCEPTED, requester="dispatch modelling",
            justification="groups are too small to be measured before the new season",
            until=date(2026, 12, 31), ticket="GOV-126"),
)  # fmt: skip
_REJECTED = Request(control="CM-08", scope=parse_scope("team:storefront"),
                    reason=WaiverReason.FALSE_POSITIVE, requester="storefront lead",
                    justification="tickets are in the titles", until=date(2026, 11, 15),
                    ticket="GOV-125")  # fmt: skip
_OPEN = Request(control="CM-07", scope=parse_scope("team:warehouse"),
                reason=WaiverReason.RISK_ACCEPTED, requester="warehouse lead",
                justification="checks take forty minutes on the newest mainline",
                until=date(2026, 12, 20), ticket="GOV-127")  # fmt: skip


def decide_waivers(folder: Path) -> None:
    """Records them, once.

    Raises:
        DecisionsRefused: if the file cannot be written.
    """
    book = Book(folder)
    if any(book.decisions(kind="waiver")):
        return
    for wanted in _APPROVED:
        asked = _asked_at(wanted)
        made = request(book, wanted, _ANY, asked)
        why = (_BOARD, "looked at in the weekly meeting")
        approve(book, made.id, why, asked + timedelta(hours=26))
    asked = _asked_at(_REJECTED)
    made = request(book, _REJECTED, _ANY, asked)
    reject(book, made.id, (_BOARD, "most titles name none"), asked + timedelta(hours=26))
    request(book, _OPEN, _ANY, datetime(2026, 10, 29, 9, 5, tzinfo=UTC))


def _asked_at(wanted: Request) -> datetime:
    """Some weeks before the end; what is urgent, some days."""
    days = 12 if wanted.reason is WaiverReason.EMERGENCY else 80
    end = wanted.until or date(2026, 12, 31)
    at = datetime(end.year, end.month, end.day, 9, 5, tzinfo=UTC) - timedelta(days=days)
    return min(at, datetime(2026, 10, 26, 9, 5, tzinfo=UTC))
