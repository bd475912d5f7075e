"""What all verbs share that record a decision: who, why, and how it is told."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from app.cli.appended import warn
from app.cli.output import report_error, table
from data.configuration import load
from data.decisions.decision import Decision, moment
from data.errors import CairnError, WrongQuestion
from data.store.workspace import Workspace
from data.trail.deciding import log_decisions

reason = click.option("--reason", required=True, help="Why: shown wherever it counts.")
actor = click.option("--actor", help="Who decides; default: the user of this machine.")
as_of = click.option(
    "--as-of",
    type=click.DateTime(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="What was decided until then, and its state then (UTC); default: now.",
)
scope = click.option(
    "--scope",
    required=True,
    help="organisation, team:…, repository:… (with * and ?), service:…, model:… or row:….",
)
day = click.DateTime(formats=["%Y-%m-%d"])
"""A day as an option takes it."""


class Deciding(click.Group):
    """Verbs that record decisions: each goes into the log of events at once."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a verb. A log that refuses is told: the decision stands, the next sync logs it."""
        done = super().invoke(ctx)
        workspace: Workspace = ctx.obj
        try:
            logged = log_decisions(workspace, load(workspace.configuration).ledger)
            if logged is not None:
                warn(logged)
        except CairnError as error:
            report_error(error)
        return done


class NoReason(WrongQuestion):
    """A decision is to be recorded without saying why."""


def by(who: str | None, why: str) -> tuple[str, str]:
    """Who decides, and why.

    Raises:
        NoReason: if it is not said why.
    """
    if not why.strip():
        raise NoReason("a decision has a reason", "--reason", "say why in a few words")
    return who_decides(who), why.strip()


def who_decides(named: str | None) -> str:
    """Who is named, else the user of this machine."""
    return (named or getpass.getuser()).strip()


def described(told: Mapping[str, Any]) -> str:
    """What is known of one decision, a line each; what is not known is left out."""
    cells = {name: table([{name: value}]).splitlines() for name, value in told.items() if value}
    width = max(map(len, cells))
    return "\n".join(f"{name:{width}}  {lines[-1]}" for name, lines in cells.items())


def then(asked: datetime | None) -> datetime:
    """The time that `--as-of` names, else now."""
    return asked.replace(tzinfo=UTC) if asked else datetime.now(UTC)


def row(made: Decision) -> dict[str, Any]:
    """What every decision tells, whatever it decides."""
    return {
        "act": made.act,
        "actor": made.actor,
        "reason": made.reason,
        "decided_at": moment(made.decided_at).astimezone(UTC),
    }
