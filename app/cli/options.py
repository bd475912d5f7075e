"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import reduce, wraps
from typing import Any

import click

from app.cli.output import FORMATS
from data.metrics.engine import today
from data.metrics.scope import Scope
from data.metrics.subject import Subject
from data.period import Window, parse_window, window
from data.store.snapshot import Snapshot

style = click.option(
    "--format",
    "style",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How the answer is written.",
)

snapshot = click.option("--snapshot", help="Answer from this snapshot instead of the current one.")

_DAY = click.DateTime(formats=["%Y-%m-%d"])


_SCOPE = (
    click.option("--team", help="A team, with the teams below it."),
    click.option("--own", is_flag=True, help="The team alone, without the teams below it."),
    click.option("--service", help="One service."),
    click.option("--model", help="One model, for metrics about models."),
    click.option("--pipeline", help="One pipeline, for metrics about pipelines."),
    click.option("--dataset", help="One dataset, for metrics about datasets."),
    click.option("--measure", help="One measure, for metrics that files tell."),
    click.option(
        "--environment",
        default="production",
        show_default=True,
        help="An environment or a tier; `all` for every one.",
    ),
    click.option("--timezone", help="Calendar of this IANA zone instead of each team's own."),
    click.option("--period", help="2026, 2026-Q2, 2026-05, 2026-W20, 2026-05-17, 90d, 6m."),
    click.option("--from", "start", type=_DAY, help="First day."),
    click.option("--to", "end", type=_DAY, help="Day after the last."),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of the organisation, and which days, the options name."""

    team: str | None
    own: bool
    service: str | None
    model: str | None
    pipeline: str | None
    dataset: str | None
    measure: str | None
    environment: str
    timezone: str | None
    period: str | None
    start: datetime | None
    end: datetime | None

    @property
    def scope(self) -> Scope:
        """The part of the organisation."""
        if self.own and self.team is None:
            raise click.UsageError("--own goes with --team")
        environment = None if self.environment == "all" else self.environment
        things = {kind.value: getattr(self, kind) for kind in Subject}
        return Scope(
            team=self.team,
            environment=environment,
            timezone=self.timezone,
            is_own=self.own,
            **things,
        )

    def window(self, opened: Snapshot) -> Window:
        """The days; without any named, the last 90 that are known.

        Raises:
            PeriodError: if the period cannot be read or has no day in it.
        """
        last = today(opened)
        if self.period is not None and (self.start or self.end):
            raise click.UsageError("--period goes without --from and --to")
        if self.start is not None:
            return window(self.start.date(), self.end.date() if self.end else last)
        if self.end is not None:
            raise click.UsageError("--to goes with --from")
        return parse_window(self.period or "90d", last)


def scope(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of scope and days; the verb is given them as one `asked`."""

    @wraps(verb)
    def gathered(*arguments: Any, **options: Any) -> Any:
        asked = Asked(**{field.name: options.pop(field.name) for field in fields(Asked)})
        return verb(*arguments, asked=asked, **options)

    return reduce(lambda command, option: option(command), reversed(_SCOPE), gathered)
