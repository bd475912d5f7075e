"""`cairn cost budget`: what a team or service may cost a month, and how that stands."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from app.cli import deciding, options
from app.cli.output import emit
from data.configuration import load
from data.costs.budget import Standing, standings
from data.costs.forecast import MonthEnd
from data.costs.money import exact
from data.decisions.book import Book
from data.decisions.budget import BudgetRefused, Wanted, budgets, end_budget, set_budget
from data.decisions.decision import Decision
from data.metrics.engine import today
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace

_MONTH = click.DateTime(formats=["%Y-%m"])
_team = click.option("--team", help="Whose cost, with the teams below it; else that of all.")
_service = click.option("--service", help="Service as bills call it; else every one.")


@click.group(cls=deciding.Deciding)
def budget() -> None:
    """Records budgets, and says how they stand. Nothing recorded is ever changed."""


@budget.command(name="set")
@click.argument("amount")
@click.option("--currency", required=True, help="EUR, or whatever sums are told in.")
@click.option("--from", "start", type=_MONTH, required=True, help="First month, 2026-05.")
@click.option("--until", type=_MONTH, help="The month after the last; without it, it goes on.")
@_team
@_service
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def set_(  # noqa: PLR0913 - one parameter an option
    workspace: Workspace,
    *,
    amount: str,
    currency: str,
    start: datetime,
    until: datetime | None,
    team: str | None,
    service: str | None,
    reason: str,
    actor: str | None,
    style: str,
) -> None:
    """Lets AMOUNT be spent in each month, instead of what was decided for the same months."""
    wanted = Wanted(
        _known(workspace, team), service, _amount(amount), currency.upper(), start.date(),
        until.date() if until else None,
    )  # fmt: skip
    made = set_budget(Book(workspace.folder), wanted, deciding.by(actor, reason))
    emit(style, [_decided(made)])


@budget.command(name="list")
@click.option("--month", type=_MONTH, help="2026-05; default: the month that is known last.")
@options.snapshot
@options.style
@click.pass_obj
def list_(
    workspace: Workspace, *, month: datetime | None, snapshot: str | None, style: str
) -> None:
    """Lists the budgets of a month: spent, expected at its end, over, under or unknown."""
    book = Book(workspace.folder)
    with closing(SnapshotReader(workspace)) as reader, reader.reading(snapshot) as opened:
        of = month.date() if month else today(opened).replace(day=1)
        found = standings(opened, budgets(book), of)
        told = {"snapshot": opened.id, "as_of": opened.as_of.isoformat()}
    emit(style, [_row(one) for one in found], told)
    if style == "text" and not found:
        click.echo(f"there is no budget for {of:%Y-%m}; `cairn cost budget set` decides one")


@budget.command()
@click.option("--from", "start", type=_MONTH, required=True, help="First month without it.")
@_team
@_service
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def end(
    workspace: Workspace,
    *,
    start: datetime,
    team: str | None,
    service: str | None,
    reason: str,
    actor: str | None,
    style: str,
) -> None:
    """Lets a budget end before a month."""
    by = deciding.by(actor, reason)
    made = end_budget(Book(workspace.folder), (team, service), start.date(), by)
    emit(style, [_decided(made)])


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise BudgetRefused(
            f"`{text}` is no amount", "", "write it as 12000 or 12000.50"
        ) from error


def _known(workspace: Workspace, team: str | None) -> str | None:
    """The team, if there is one of that name."""
    names = [one.name for one in load(workspace.configuration).team]
    if team is not None and team not in names:
        listed = ", ".join(names) or "none is configured"
        raise BudgetRefused(f"there is no team `{team}`", "", f"use one of: {listed}")
    return team


def _decided(made: Decision) -> dict[str, Any]:
    return {"id": made.id, "team": made.team, **made.value, **deciding.row(made)}


def _row(one: Standing) -> dict[str, Any]:
    forecast = one.expected if isinstance(one.expected, MonthEnd) else None
    return {
        "team": one.budget.team,
        "service": one.budget.service,
        "month": _month(one.month),
        "amount": exact(one.budget.amount),
        "currency": one.budget.currency,
        "spent": exact(one.spent),
        "complete_until": one.complete_until,
        "used": _share(one.used),
        "expected": exact(forecast.total) if forecast else None,
        "low": exact(forecast.low) if forecast else None,
        "high": exact(forecast.high) if forecast else None,
        "error": _share(forecast.error_share) if forecast else None,
        "tested": forecast.origins if forecast else None,
        "chosen": forecast.chosen_from if forecast else None,
        "method": forecast.method if forecast else None,
        "state": one.state.value,
        "why": one.why,
        "decision": one.budget.id,
    }


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _month(first: date) -> str:
    return f"{first:%Y-%m}"
