"""`cairn check`: which controls hold, for which population, on what evidence."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import click

from app.cli import options
from app.cli.output import FORMATS, emit, report_error
from app.cli.progress import finish, reporter
from app.controls import control_row, envelope, result_rows
from app.reports.assessing import assessed, veiled
from app.reports.oscal import assessment_results
from app.reports.sarif import sarif
from app.viewer import sees_names
from app.wording import percent
from data.configuration import load
from data.controls.catalogue import Catalogue
from data.controls.definition import Control
from data.controls.examination import Examination
from data.controls.faults import Own, faults, unanswered
from data.controls.outcome import Outcome
from data.controls.state import State
from data.errors import WrongQuestion
from data.ledger.ledger import Ledger
from data.metrics.engine import today
from data.period import parse_window
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace

FAILED, BROKEN = 1, 3
_MOST_ROWS = 5
REPORTS = {"sarif": sarif, "oscal": assessment_results}
"""Formats that other programs read, each a function of the assessment."""

_MARKS = {
    State.PASS: "pass",
    State.FAIL: "FAIL",
    State.ERROR: "ERROR",
    State.UNKNOWN: "unknown",
    State.NOT_APPLICABLE: "n/a",
    State.MANUAL: "manual",
}


class NothingToCheck(WrongQuestion):
    """No control is left by what was asked."""


@click.command()
@click.argument("names", metavar="[CONTROL]...", nargs=-1)
@click.option("--framework", help="Only controls that serve a clause of it: soc2, iso27001, …")
@click.option("--team", help="A team, with the teams below it.")
@click.option("--period", default="90d", show_default=True,
              help="2026, 2026-Q2, 2026-05, 2026-W20, 2026-05-17, 90d, 6m.")  # fmt: skip
@click.option("--rows", "is_by_row", is_flag=True, help="One line a member of the populations.")
@options.snapshot
@click.option("--format", "style", type=click.Choice([*FORMATS, *REPORTS]), default="text",
              show_default=True, help="How it is written; oscal needs --framework.")  # fmt: skip
@click.pass_context
def check(  # noqa: PLR0913 - one parameter an option
    ctx: click.Context,
    *,
    names: tuple[str, ...],
    framework: str | None,
    team: str | None,
    period: str,
    is_by_row: bool,
    snapshot: str | None,
    style: str,
) -> None:
    """Evaluates controls, all or those named, over a period.

    Exits 1 if one fails, 3 if one could not be evaluated.
    """
    if style == "oscal" and framework is None:
        raise click.UsageError("--format oscal answers a framework: name one with --framework")
    workspace: Workspace = ctx.obj
    configuration = load(workspace.configuration)
    rules = Examination.of(workspace, configuration)
    wanted = chosen(rules.known, names, framework)
    with closing(SnapshotReader(workspace)) as reader, reader.reading(snapshot) as opened:
        window = parse_window(period, today(opened))
        sees = sees_names(configuration)
        found = rules.outcomes(opened, window, team, wanted, reporter(), sees_names=sees)
        finish()
        broken = {one.control.id: one.control for one in found if one.error is not None}
        own = Own(rules.parameters, workspace.configuration)
        wrong = [*faults(opened, replace(rules.known, controls=broken), window, own)]
        ledger = Ledger(workspace.folder, configuration.ledger)
        odd = [one for one in found if State.ERROR in one.counts.by_state]
        wrong += unanswered(veiled(configuration, odd, ledger), rules.known)
    if style in REPORTS:
        made = assessed(rules, configuration, found, framework, ledger)
        click.echo(REPORTS[style](made), nl=False)
    elif is_by_row:
        told = veiled(configuration, found, ledger)
        emit(style, [row for one in told for row in result_rows(one)], envelope(found))
    elif style == "text":
        _tell(veiled(configuration, found, ledger))
    else:
        emit(style, [control_row(one) for one in found], envelope(found))
    for fault in wrong:
        report_error(fault)
    states = {one.state for one in found}
    if State.FAIL in states:
        ctx.exit(FAILED)
    if State.ERROR in states:
        ctx.exit(BROKEN)


def chosen(known: Catalogue, names: Sequence[str], framework: str | None) -> list[Control]:
    """The controls that are named, of the framework that is named.

    Raises:
        UnknownControl: if one is not defined.
        NothingToCheck: if none of them serves the framework.
    """
    named = [known.control(name) for name in names] or list(known.controls.values())
    if framework is None:
        return named
    serving = known.of(framework)
    found = [control for control in named if control.id in serving]
    if not found:
        raise NothingToCheck(f"none of them serves `{framework}`", "", "leave --framework out")
    return found


def _tell(found: Sequence[Outcome]) -> None:
    first = found[0]
    whose = f"team {first.team}" if first.team else "the whole organisation"
    click.echo(f"{whose}, {first.window.label}, snapshot {first.snapshot}")
    emit("text", [_line(one) for one in found])
    for one in found:
        if one.state is State.FAIL:
            _tell_failure(one)


def _line(one: Outcome) -> dict[str, object]:
    counts = one.counts
    return {
        "control": one.control.id,
        "title": one.control.title,
        "state": "withheld" if one.is_withheld else _MARKS[one.state],
        "pass rate": _share(counts.pass_rate),
        "with waivers": _share(counts.pass_rate_with_waivers) if counts.waived else None,
        "coverage": _share(one.coverage),
        "pass": one.told(counts.of(State.PASS)),
        "fail": one.told(counts.of(State.FAIL)),
        "unknown": one.told(counts.of(State.UNKNOWN)),
        "manual": one.told(counts.of(State.MANUAL)),
        "n/a": one.told(counts.of(State.NOT_APPLICABLE)),
        "waived": one.told(counts.waived),
    }


def _tell_failure(one: Outcome) -> None:
    failing = [result for result in one.results if result.state is State.FAIL]
    click.echo(f"\n{one.control.id} {one.control.title}: {' '.join(one.control.fix.split())}")
    for result in failing[:_MOST_ROWS]:
        title = result.title or result.id
        click.echo(f"  {title}: {result.detail or 'fails'}  {result.url or ''}".rstrip())
    if len(failing) > _MOST_ROWS:
        more = len(failing) - _MOST_ROWS
        click.echo(f"  … and {more:,} more: cairn check {one.control.id} --rows")


def _share(rate: float | None) -> str:
    return percent(rate) if rate is not None else "–"
