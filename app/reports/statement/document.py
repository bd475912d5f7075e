"""A statement as PDF: page one says why the sum is right."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.reports.pdf import pdf
from app.reports.statement import tables
from app.reports.statement.shown import Shown, Sum
from app.reports.statement.words import what, whose, why
from data.costs.money import exact
from data.costs.statement.content import Line, Reconciled
from data.costs.statement.month import named

_TEMPLATE = Path(__file__).with_suffix(".typ")
_STATES = {"holds": "holds", "not_applicable": "nothing to compare", "unknown": "not known in part",
           "broken": "broken"}  # fmt: skip
_BOLD = ("due", "rounded", "difference")
"""Steps of the proof that are sums."""


def as_document(shown: Shown) -> bytes:
    """The document. The same content gives the same bytes. Accessible as PDF/UA-1 asks.

    Raises:
        NotSet: if a name has signs that no font shows.
    """
    fix = "install a font that has these signs, or take the workbook"
    return pdf(_TEMPLATE, _content(shown), shown.statement.as_of, shown.title, fix)


def _content(shown: Shown) -> dict[str, Any]:
    told = shown.statement
    currency, total, missing = shown.reported()
    return {
        "organisation": told.organisation,
        "title": shown.title,
        "month": named(told.month),
        "is_open": shown.closing is None,
        "state": shown.state,
        "missing": ": ".join(tables.missing_words(shown) or ()),
        "about": list(tables.about(shown).items()),
        "currencies": list(told.currencies),
        "proof": list(_proof(shown)),
        "checks": [[one.title, _STATES.get(one.state, one.state), f"{one.compared:,}"]
                   for one in told.checks],
        "accounts": [_account(shown, one) for one in told.reconciled],
        "refused": sum({one.file: one.refused for one in told.bills}.values()),
        "sums": [_sum(one) for one in shown.sums()],
        "totals": list(_totals(shown)),
        "is_estimated": shown.is_estimated,
        "reported": "" if currency is None or shown.is_estimated
                    else missing or f"{_money(total)} {currency}",
        "without": tables.without(shown),
        "owners": list(_owners(shown)),
        "corrections": [_line(one) for one in shown.lines if one.origin is not None],
        "bills": [[one.file, one.sha256, one.version, f"{one.rows:,}", f"{one.refused:,}",
                   _digits(one.billed), one.currency] for one in told.bills],
        "estimated": [[str(cell if cell is not None else "–") for cell in row.values()]
                      for row in tables.estimated(shown)],
        "rates": [[one.base, one.quote, exact(one.rate) or "none", str(one.day or "–"),
                   one.source or "–"] for one in told.rates if one.base != one.quote],
    }  # fmt: skip


def _proof(shown: Shown) -> Iterator[dict[str, Any]]:
    names = list(tables.PROOF)
    for step, row in zip(names, tables.proof(shown), strict=True):
        amounts = [_money(Decimal(value)) for name, value in row.items() if name != "what"]
        yield {"what": row["what"], "amounts": amounts, "is_sum": step in _BOLD}


def _account(shown: Shown, one: Reconciled) -> dict[str, Any]:
    about = one.account, one.invoice, one.currency
    files = [bill for bill in shown.statement.bills
             if (bill.account, bill.invoice, bill.currency) == about]  # fmt: skip
    return {
        "account": one.account,
        "invoice": one.invoice or "no invoice yet",
        "files": [[bill.file, bill.sha256[:12], f"{bill.refused:,}"] for bill in files],
        "cells": [one.currency, f"{one.rows:,}", _digits(one.billed), _digits(one.out),
                  _digits(one.difference)],
    }  # fmt: skip


def _sum(one: Sum) -> list[str]:
    amounts = (one.charges, one.corrections, one.amount)
    return [one.whose, one.currency, *(_money(amount) for amount in amounts)]


def _totals(shown: Shown) -> Iterator[list[str]]:
    for currency in shown.statement.currencies:
        some = [one for one in shown.sums() if one.currency == currency]
        sums = [sum((getattr(one, name) for one in some), Decimal(0))
                for name in ("charges", "corrections", "amount")]  # fmt: skip
        if some:
            yield ["together" if shown.team is None else shown.team, currency, *map(_money, sums)]


def _owners(shown: Shown) -> Iterator[dict[str, Any]]:
    """One part for each team and currency, and for what nobody has."""
    parts: dict[tuple[str, str], list[Line]] = {}
    for line in shown.lines:
        parts.setdefault((whose(line), line.key.currency), []).append(line)
    for (who, currency), lines in parts.items():
        total = sum((one.amount for one in lines), Decimal(0))
        yield {"whose": who, "currency": currency, "total": _money(total),
               "lines": [_line(one) for one in lines]}  # fmt: skip


def _line(one: Line) -> list[str]:
    told = what(one) if one.origin is None else f"{what(one)}, {why(one)}"
    return [told, one.key.provider or "–", one.key.account, one.key.service or "–",
            one.key.bucket.value, _money(one.amount), whose(one), one.key.currency]  # fmt: skip


def _digits(amount: Decimal) -> str:
    """An amount to its last digit, with marks between thousands."""
    return f"{Decimal(exact(amount) or 0):,f}".replace("-", "\N{MINUS SIGN}")


def _money(amount: Decimal | None) -> str:
    return "–" if amount is None else f"{amount:,f}".replace("-", "\N{MINUS SIGN}")
