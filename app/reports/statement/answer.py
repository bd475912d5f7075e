"""A statement for programs: JSON and CSV, with amounts as texts to their last digit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.reports.pack.tables import cell, csv_of
from app.reports.statement import tables
from app.reports.statement.shown import Shown


def as_csv(shown: Shown) -> bytes:
    """Its lines."""
    return csv_of(tables.lines(shown), tables.LINES)


def as_json(shown: Shown) -> bytes:
    """All of it: the same content, the same bytes."""
    told, closing = shown.statement, shown.closing
    currency, total, why = shown.reported()
    document: dict[str, Any] = {
        "snapshot": told.snapshot,
        "as_of": told.as_of.isoformat(),
        "definition": None,
        "scope": {"team": shown.team},
        "organisation": told.organisation,
        "month": f"{told.month:%Y-%m}",
        "state": "open" if closing is None else "closed",
        "closing": None if closing is None else {
            "decision": closing.id,
            "sha256": closing.sha256,
            "by": shown.closed_by,
            "reason": closing.reason,
            "at": closing.decided_at.isoformat(),
        },
        "rules": list(told.rules),
        "proof": [_plain(row) for row in tables.proof(shown)],
        "sums": [_plain(row) for row in tables.sums(shown)],
        "reported": {"currency": currency, "amount": None if total is None else str(total),
                     "without": tables.left_out(shown), "why": why},
        "reconciliation": [_plain(row) for row in tables.reconciled(shown)],
        "bills": [_plain(row) for row in tables.bills(shown)],
        "missing": [_plain(row) for row in tables.missing(shown)],
        "estimated": [_plain(row) for row in tables.estimated(shown)],
        "checks": [_plain(row) for row in tables.checks(shown)],
        "rates": [_plain(row) for row in tables.rates(shown)],
        "rows": [_plain(row) for row in tables.lines(shown)],
    }  # fmt: skip
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON knows it: amounts and days as texts."""
    return {
        name: value if value is None or isinstance(value, int | str) else cell(value)
        for name, value in row.items()
    }
