"""What all verbs share that record a decision: who, why, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from app.cli.appended import warn
from app.cli.output import report_error, table
from app.deciding.logged import into_log
from app.deciding.who import by, who_decides
from data.decisions.decision import Decision, moment
from data.errors import CairnError
from data.store.workspace import Workspace

__all__ = ["by", "who_decides"]

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
        logged = into_log(workspace)
        if isinstance(logged, CairnError):
            report_error(logged)
        elif logged is not None:
            warn(logged)
        return done


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
