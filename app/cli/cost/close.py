"""`cairn cost close`: settles the statement of a month for ever, as a recorded decision."""

from __future__ import annotations

from contextlib import closing

import click

from app.cli import options
from app.cli.appended import warn
from app.cli.output import emit, report_error
from app.deciding.logged import into_log
from app.deciding.who import by
from data.configuration import load
from data.costs.statement.closing import close as closed
from data.costs.statement.month import month_of, named
from data.errors import CairnError
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace


@click.command()
@click.argument("month")
@click.option("--by", "actor", help="Who decides; default: the user of this machine.")
@click.option("--reason", required=True, help="Why: shown on the statement.")
@click.option("--without", metavar="[SOURCE/]ACCOUNT", multiple=True,
              help="Closes it though this account, billed in the month before, has no bill yet; "
              "with its source where several bill one of that name. Repeatable. The statement "
              "says so.")  # fmt: skip
@options.style
@click.pass_obj
def close(
    workspace: Workspace,
    *,
    month: str,
    actor: str | None,
    reason: str,
    without: tuple[str, ...],
    style: str,
) -> None:
    """Closes MONTH (2026-09): its statement stays as it is, whatever bills say later.

    What changes afterwards, or comes late, is charged in the first open month. Nothing opens a
    month again.
    """
    asked, who = month_of(month), by(actor, reason)
    organisation = load(workspace.configuration).organisation.name
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        made = closed(workspace, opened, organisation, asked, who, without=without)
    logged = into_log(workspace)
    if isinstance(logged, CairnError):
        report_error(logged)
    elif logged is not None:
        warn(logged)
    row = {"month": named(made.month), "closed_by": made.actor, "closed_at": made.decided_at,
           "decision": made.id, "sha256": made.sha256}  # fmt: skip
    emit(style, [row], {"snapshot": made.snapshot})
