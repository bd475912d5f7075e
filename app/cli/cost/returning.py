"""`cairn cost return`: what initiatives are worth against what they cost, and who says so."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from app.cli import deciding, options
from app.cli.output import emit
from data.costs.money import exact
from data.costs.returns import Return, Source, returns, total
from data.decisions.benefit import BenefitRefused, Worth, benefits, set_benefit, withdraw_benefit
from data.decisions.book import Book
from data.decisions.decision import Decision
from data.metrics.engine import today
from data.period import parse_window, window
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace

_start = click.option("--from", "start", type=deciding.day, required=True, help="First day.")
_end = click.option("--to", "end", type=deciding.day, required=True, help="Day after the last.")


@click.group(name="return", cls=deciding.Deciding)
def return_() -> None:
    """Records benefits of initiatives, and sets them against cost. Nothing is ever changed."""


@return_.command(name="set")
@click.argument("initiative")
@click.argument("amount")
@click.option("--currency", required=True, help="EUR, or whatever sums are told in.")
@click.option("--source", required=True, help="Where the amount is from.")
@_start
@_end
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def set_(  # noqa: PLR0913 - one parameter an option
    workspace: Workspace,
    *,
    initiative: str,
    amount: str,
    currency: str,
    source: str,
    start: datetime,
    end: datetime,
    reason: str,
    actor: str | None,
    style: str,
) -> None:
    """Says that INITIATIVE is worth AMOUNT over the days from --from on and before --to."""
    days = window(start.date(), end.date())
    worth = Worth(initiative, _amount(amount), currency.upper(), days.start, days.end, source)
    made = set_benefit(Book(workspace.folder), worth, deciding.by(actor, reason))
    emit(style, [_decided(made)])


@return_.command()
@click.argument("initiative")
@_start
@_end
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def withdraw(
    workspace: Workspace,
    *,
    initiative: str,
    start: datetime,
    end: datetime,
    reason: str,
    actor: str | None,
    style: str,
) -> None:
    """Takes back what INITIATIVE was said to be worth."""
    about = (initiative, start.date(), end.date())
    made = withdraw_benefit(Book(workspace.folder), about, deciding.by(actor, reason))
    emit(style, [_decided(made)])


@return_.command(name="list")
@click.option("--period", default="12m", show_default=True, help="2026, 2026-Q2, 2026-05, 90d.")
@options.snapshot
@options.style
@click.pass_obj
def list_(workspace: Workspace, *, period: str, snapshot: str | None, style: str) -> None:
    """Lists initiatives with benefit, cost, what they return, and where each is from."""
    with closing(SnapshotReader(workspace)) as reader, reader.reading(snapshot) as opened:
        days = parse_window(period, today(opened))
        found = returns(opened, benefits(Book(workspace.folder)), days)
        told = {"snapshot": opened.id, "as_of": opened.as_of.isoformat()}
    emit(style, [_row(one) for one in found], told)
    if style == "text" and not found:
        click.echo(f"neither a charge, a file nor a decision names an initiative in {days.label}")


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise BenefitRefused(
            f"`{text}` is no amount", "", "write it as 12000 or 12000.50"
        ) from error


def _row(one: Return) -> dict[str, Any]:
    return {
        "initiative": one.initiative,
        "benefit": exact(total(one.benefit)) if one.benefit else None,
        "benefit_from": _sources(one.benefit),
        "cost": exact(total(one.cost)) if one.cost else None,
        "cost_from": _sources(one.cost),
        "currency": one.currency,
        "return": one.value,
        "net": exact(one.net),
        "why": one.why,
    }


def _sources(some: tuple[Source, ...]) -> str | None:
    named = (f"{one.told_by} ({one.decision})" if one.decision else one.told_by for one in some)
    return "; ".join(dict.fromkeys(named)) or None


def _decided(made: Decision) -> dict[str, Any]:
    return {"id": made.id, "initiative": made.subject, **made.value, **deciding.row(made)}
