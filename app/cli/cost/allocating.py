"""`cairn cost allocate`: who has what of the bills, and why the sum is right."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from app.cli import options
from app.cli.output import emit, report
from app.cli.taken import log_taken
from app.deciding.who import who_decides
from data.costs.definition import cost_sql
from data.costs.export.focus import export
from data.costs.money import exact
from data.costs.statement.as_kept import as_kept
from data.costs.statement.month import named
from data.costs.views.reconciled import Check
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from data.trail.exported import Export, Through

NOT_RIGHT = 1
_BILLED = "billed_cost"
_AMOUNTS = (_BILLED, "effective_cost")
_MONTH = click.DateTime(formats=["%Y-%m"])


@click.command()
@click.option("--month", type=_MONTH, help="This billing month, 2026-05; without it, all.")
@click.option("--export", "file", type=click.Path(dir_okay=False, path_type=Path),
              help="Also writes each part of a charge as FOCUS 1.3: .csv, .parquet.")  # fmt: skip
@options.snapshot
@options.style
@click.pass_context
def allocate(
    ctx: click.Context,
    *,
    month: datetime | None,
    file: Path | None,
    snapshot: str | None,
    style: str,
) -> None:
    """Lists what each team has of the bills, and what nobody has, to the last digit.

    The rules are those of the snapshot. Exits 1 if a sum does not add up.
    """
    workspace: Workspace = ctx.obj
    asked = {"month": None if month is None else month.date()}
    with closing(SnapshotReader(workspace)) as reader, reader.reading(snapshot) as opened:
        rows = opened.rows(cost_sql("asked/allocation"), asked)
        checks = opened.rows(
            "select id, title, state, compared, broken from cost_check order by nth"
        )
        checks.append(_plain(as_kept(workspace)))
        book = opened.rows("select version, sha256 from cost_book")
        if file is not None:
            written = export(opened, workspace.bills, file, asked["month"])
            report(f"{written:,} rows are written: {file}{_unbilled(rows)}")
            log_taken(workspace, _export(opened.id, written, file, asked["month"]), file)
        told = {"snapshot": opened.id, "as_of": opened.as_of.isoformat(), "rules": book[0],
                "sums": _sums(rows), "checks": checks}  # fmt: skip
    emit(style, [_row(row) for row in rows], told)
    if style == "text":
        _tell(rows, checks, asked["month"])
    if any(check["state"] == "broken" for check in checks):
        ctx.exit(NOT_RIGHT)


def _unbilled(rows: Sequence[dict[str, Any]]) -> str:
    """What readers of the export have to know of estimates."""
    count = sum(row["estimates"] for row in rows)
    told = (
        f"{count:,} of them are estimates without a billed cost, which readers of FOCUS may refuse"
    )
    return f"; {told}" if count else ""


def _export(snapshot: str, rows: int, file: Path, month: date | None) -> Export:
    """What the log says of the file."""
    return Export(
        subject="allocation",
        title=f"charges as FOCUS 1.3 in {file.suffix.lstrip('.').upper()}",
        through=Through.COMMAND,
        account=who_decides(None) or None,
        filters={"month": None if month is None else named(month)},
        snapshot=snapshot,
        rows=rows,
    )


def _plain(check: Check) -> dict[str, Any]:
    return {name: getattr(check, name) for name in ("id", "title", "state", "compared", "broken")}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: exact(row[name]) for name in _AMOUNTS}}


def _sums(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, str | None]]:
    """Of each currency by itself; None: a bill does not tell all of it, or nothing is billed."""
    currencies = dict.fromkeys(row["currency"] for row in rows)
    return {
        currency: {name: exact(_sum(_of(rows, currency, name), name)) for name in _AMOUNTS}
        for currency in currencies
    }


def _of(rows: Sequence[dict[str, Any]], currency: str, name: str) -> list[dict[str, Any]]:
    """Those that can tell an amount: of estimates nothing is billed."""
    return [
        row
        for row in rows
        if row["currency"] == currency and (name != _BILLED or row["estimates"] < row["rows"])
    ]


def _sum(rows: Sequence[dict[str, Any]], name: str) -> Decimal | None:
    known = [row[name] for row in rows if row[name] is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(rows) else None


def _why(rows: Sequence[dict[str, Any]], currency: str, name: str) -> str:
    """Why there is no sum, in a word or two."""
    return "unknown" if _of(rows, currency, name) else "nothing is billed"


def _tell(
    rows: Sequence[dict[str, Any]], checks: Sequence[dict[str, Any]], month: date | None
) -> None:
    if not rows:
        when = f"{month:%Y-%m}" if month else "any month"
        click.echo(f"there are no charges of {when}; `cairn cost load` reads bills")
        return
    click.echo()
    emit("text", [{"currency": c, **{name: amount or _why(rows, c, name)
                                     for name, amount in amounts.items()}}
                  for c, amounts in _sums(rows).items()])  # fmt: skip
    if estimates := sum(row["estimated_charges"] for row in rows):
        many = (
            "1 charge is an estimate" if estimates == 1 else f"{estimates:,} charges are estimates"
        )
        click.echo(f"\n{many}: nothing of it is part of billed cost")
    click.echo()
    emit("text", [{"holds": check["state"], "compared": check["compared"], "what": check["title"]}
                  for check in checks])  # fmt: skip
