"""The tables of a statement: the same for CSV, JSON, the workbook and the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from app.reports.statement.shown import Proof, Shown
from app.reports.statement.words import NOBODY, what, whose, why
from data.costs.allocation.bucket import Bucket
from data.costs.money import exact
from data.costs.statement.content import Estimated
from data.costs.statement.month import named

Row = Mapping[str, Any]

PROOF = {
    "bills": "What the bills of the month say",
    "changes": "What changed of earlier months since they were closed",
    "due": "To be accounted for",
    Bucket.DIRECT: "Teams have directly",
    Bucket.SHARED: "Teams have as their part of what is shared",
    Bucket.IDLE: "Teams have as their part of what nobody used",
    Bucket.UNALLOCATED: "Nobody has yet: no rule matches",
    Bucket.UNALLOCATABLE: "Nobody can have",
    Bucket.EXCLUDED: "Is not ours: left out on purpose",
    "rounded": "All of these, in whole cents",
    "remainder": "What rounding to cents leaves",
    "difference": "Difference",
}
"""The lines of the proof that the sum is right."""
_IN_CENTS = ("rounded", *Bucket)
LINES = ("month", "what", "why", "whose", "team", "currency", "provider", "account", "service",
         "bucket", "amount", "exact")  # fmt: skip
SUMS = ("whose", "currency", "charges", "corrections", "amount")
RECONCILED = ("account", "invoice", "currency", "rows", "bills_say", "direct", "shared", "idle",
              "unallocated", "unallocatable", "excluded", "sum", "difference")  # fmt: skip
BILLS = ("file", "sha256", "version", "account", "invoice", "currency", "rows", "refused_rows",
         "bills_say")  # fmt: skip
ESTIMATED = ("whose", "source", "provider", "account", "currency", "bucket", "rows", "effective",
             "billed")  # fmt: skip
NOT_BILLED = "not told by this source"
ESTIMATE = "estimate, nothing of it is billed"
CHECKS = ("what", "state", "compared")
MISSING = ("source", "account", "last_month")
RATES = ("base", "quote", "asked_day", "rate", "rate_day", "source")


def proof(shown: Shown) -> Iterator[Row]:
    """One row a step, one column a currency: amounts as texts, to their last digit."""
    for step, title in PROOF.items():
        yield {"what": title, **{one.currency: _step(one, step) for one in shown.proofs()}}


def proof_columns(shown: Shown) -> tuple[str, ...]:
    """The columns of the proof."""
    return ("what", *(one.currency for one in shown.proofs()))


def _step(one: Proof, step: str) -> str | None:
    """What is in whole cents has the decimals of its currency, all else those that it needs."""
    if step in _IN_CENTS:
        return str(one.buckets[Bucket(step)] if step in set(Bucket) else one.rounded)
    amount: Decimal | None = getattr(one, step)
    return exact(amount)


def lines(shown: Shown) -> Iterator[Row]:
    """One row a line; of a team that has estimates alone, one row an estimate."""
    for one in shown.lines:
        yield {
            "month": named(shown.statement.month),
            "what": what(one),
            "why": why(one),
            "whose": whose(one),
            "team": one.key.team,
            "currency": one.key.currency,
            "provider": one.key.provider,
            "account": one.key.account,
            "service": one.key.service,
            "bucket": one.key.bucket.value,
            "amount": one.amount,
            "exact": exact(one.exact),
        }
    if shown.is_estimated:
        yield from map(partial(_estimate, shown), shown.estimates)


def _estimate(shown: Shown, one: Estimated) -> Row:
    """The line of an estimate, which has no amount: only of a team that is billed nothing."""
    told = dict.fromkeys(LINES)
    about = {name: getattr(one, name) for name in ("team", "currency", "provider", "account")}
    return {**told, **about, "month": named(shown.statement.month), "what": ESTIMATE, "why": "",
            "whose": one.team, "bucket": one.bucket.value}  # fmt: skip


def sums(shown: Shown) -> Iterator[Row]:
    """One row is what one has in one currency."""
    for one in shown.sums():
        yield {name: getattr(one, name) for name in SUMS}


def reconciled(shown: Shown) -> Iterator[Row]:
    """One row an account and invoice."""
    for one in shown.statement.reconciled:
        yield {
            "account": one.account,
            "invoice": one.invoice,
            "currency": one.currency,
            "rows": one.rows,
            "bills_say": exact(one.billed),
            **{bucket.value: exact(one.buckets[bucket]) for bucket in Bucket},
            "sum": exact(one.out),
            "difference": exact(one.difference),
        }


def bills(shown: Shown) -> Iterator[Row]:
    """One row is what one file says of an account and invoice."""
    for one in shown.statement.bills:
        told = {name: getattr(one, name) for name in BILLS[:-2]}
        yield {**told, "refused_rows": one.refused, "bills_say": exact(one.billed)}


def estimated(shown: Shown) -> Iterator[Row]:
    """One row is what one has of what a source estimates: it is in no sum."""
    for one in shown.estimates:
        yield {
            "whose": one.team or NOBODY.get(one.bucket, "nobody"),
            "source": one.source,
            "provider": one.provider,
            "account": one.account,
            "currency": one.currency,
            "bucket": one.bucket.value,
            "rows": one.rows,
            "effective": exact(one.effective),
            "billed": NOT_BILLED,
        }


def missing(shown: Shown) -> Iterator[Row]:
    """One row is an account that is due and has no bill."""
    for one in shown.statement.missing:
        yield {"source": one.source, "account": one.account, "last_month": named(one.last)}


def missing_words(shown: Shown) -> tuple[str, str] | None:
    """That accounts which are due have no bill, and which; None: each has."""
    names = [f"{one.account} ({one.source}, last of {named(one.last)})"
             for one in shown.statement.missing]  # fmt: skip
    title = "No bill yet of" if shown.closing is None else "Closed without a bill of"
    return (title, ", ".join(names)) if names else None


def checks(shown: Shown) -> Iterator[Row]:
    """One row is something that must hold."""
    for one in shown.statement.checks:
        yield {"what": one.title, "state": one.state, "compared": one.compared}


def rates(shown: Shown) -> Iterator[Row]:
    """One row a currency, and the rate at which its sum is told in another."""
    for one in shown.statement.rates:
        yield {
            "base": one.base,
            "quote": one.quote,
            "asked_day": one.asked,
            "rate": exact(one.rate),
            "rate_day": one.day,
            "source": one.source,
        }


def left_out(shown: Shown) -> str | None:
    """What the sum in the currency of reporting goes without; None: nothing."""
    some = any(one.key.bucket is Bucket.EXCLUDED for one in shown.lines)
    return "what is not ours" if some else None


def without(shown: Shown) -> str:
    """The same as words after the sum; empty: it is of all lines."""
    words = left_out(shown)
    return f", without {words}" if words else ""


def about(shown: Shown) -> dict[str, str]:
    """What it is of, and how to have it again, in words."""
    told, closing = shown.statement, shown.closing
    currency, total, missing = shown.reported()
    found = {
        "Organisation": told.organisation,
        "Month": named(told.month),
        "Team": shown.team or "all",
        "State": shown.state,
        "Bills known until": f"{told.as_of:%Y-%m-%d %H:%M} UTC",
        "Snapshot": told.snapshot,
        "Rules": ", ".join(told.rules) or "none",
        "Basis": "billed cost, each currency for itself",
        **dict(filter(None, [missing_words(shown)])),
    }
    if currency is not None:
        found[f"In {currency}"] = missing or f"{total:,} at the rates below{without(shown)}"
    if closing is not None:
        found["Decision"] = closing.id
        found["SHA-256 of all lines"] = closing.sha256
    return found
