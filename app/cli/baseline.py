"""`cairn baseline`: the periods that metrics are compared with, as recorded decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from app.cli import deciding, options
from app.cli.output import emit
from data.configuration import load
from data.decisions.baseline import KIND, baselines, set_baseline, withdraw_baseline
from data.decisions.book import Book
from data.decisions.decision import Decision
from data.errors import WrongQuestion
from data.metrics.definition import definition, definitions
from data.period import window
from data.store.workspace import Workspace

_team = click.option("--team", help="Only for this team; else for all without one of their own.")


class BaselineRefused(WrongQuestion):
    """A baseline is asked for that nothing would be compared with."""


@click.group(cls=deciding.Deciding)
def baseline() -> None:
    """Records with which days a metric is compared. Nothing recorded is ever changed."""


@baseline.command(name="set")
@click.argument("metric")
@click.option("--from", "start", type=deciding.day, required=True, help="First day.")
@click.option("--to", "end", type=deciding.day, required=True, help="Day after the last.")
@_team
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def set_(  # noqa: PLR0913 - one parameter an option
    workspace: Workspace,
    *,
    metric: str,
    start: datetime,
    end: datetime,
    team: str | None,
    reason: str,
    actor: str | None,
    style: str,
) -> None:
    """Compares METRIC with the days from --from on and before --to."""
    days = window(start.date(), end.date())
    made = set_baseline(
        Book(workspace.folder),
        _compared(metric),
        _known(workspace, team),
        (days.start, days.end),
        deciding.by(actor, reason),
    )
    emit(style, [_row(made)])


@baseline.command(name="list")
@click.option("--all", "is_all", is_flag=True, help="Also those that hold no longer.")
@options.style
@click.pass_obj
def list_(workspace: Workspace, *, is_all: bool, style: str) -> None:
    """Lists the baselines that hold."""
    book = Book(workspace.folder)
    holding = {one.id for one in baselines(book).all}
    told = book.decisions(kind=KIND)
    emit(style, [_row(one) for one in told if is_all or one.id in holding])


@baseline.command()
@click.argument("metric")
@_team
@deciding.reason
@deciding.actor
@options.style
@click.pass_obj
def withdraw(
    workspace: Workspace,
    *,
    metric: str,
    team: str | None,
    reason: str,
    actor: str | None,
    style: str,
) -> None:
    """Compares METRIC with nothing any more."""
    by = deciding.by(actor, reason)
    made = withdraw_baseline(Book(workspace.folder), _compared(metric), team, by)
    emit(style, [_row(made)])


def _compared(metric: str) -> str:
    """The metric that is compared: that of a reduction, else itself."""
    wanted = definition(metric)
    base = wanted.of or wanted.id
    usable = sorted({found.of for found in definitions().values() if found.of})
    if base not in usable:
        raise BaselineRefused(
            f"nothing compares `{metric}` with a baseline", "", f"use one of: {', '.join(usable)}"
        )
    return base


def _known(workspace: Workspace, team: str | None) -> str | None:
    """The team, if there is one of that name."""
    if team is None:
        return None
    names = [one.name for one in load(workspace.configuration).team]
    if team not in names:
        listed = ", ".join(names) or "none is configured"
        raise BaselineRefused(f"there is no team `{team}`", "", f"use one of: {listed}")
    return team


def _row(made: Decision) -> dict[str, Any]:
    return {
        "id": made.id,
        "metric": made.subject,
        "team": made.team,
        "from": made.value["from"],
        "to": made.value["to"],
        **deciding.row(made),
    }
