"""`cairn cost check`: what is in a bill, and which of its rows cannot be counted. Keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import click

from app.cli.output import FORMATS, emit
from app.cli.progress import finish, reporter
from data.costs.bill.examined import Examined, Total, examine
from data.costs.bill.form import form, forms
from data.costs.bill.places import bills
from data.costs.money import exact

REFUSED = 1


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--form", "form_name", type=click.Choice(sorted(forms())), default="focus",
              show_default=True, help="How numbers, days and cells are written.")  # fmt: skip
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True,
              help="CSV has a line for each value that is refused.")  # fmt: skip
@click.pass_context
def check(ctx: click.Context, *, files: tuple[str, ...], form_name: str, style: str) -> None:
    """Reads bills in the form of FOCUS 1.0 to 1.4: CSV (also .gz and .zst) and Parquet.

    A FILE may be a folder or a pattern. Exits 1 if a row is refused.
    """
    progress = reporter()
    paths = bills(files)
    found = []
    for number, path in enumerate(paths):
        progress(f"reading {path.name}", number, len(paths))
        found.append(examine(path, form(form_name)))
    finish()
    if style == "json":
        emit(style, [_row(one) for one in found], {"totals": _sums(found)})
    elif style == "csv":
        emit(style, [{"file": str(one.path), **asdict(r)} for one in found for r in one.refused])
    else:
        _tell(found)
    if any(one.refused_rows for one in found):
        ctx.exit(REFUSED)


def _row(one: Examined) -> dict[str, Any]:
    return {
        "file": str(one.path),
        "version": one.version,
        "rows": one.rows,
        "taken": one.taken,
        "refused_rows": one.refused_rows,
        "totals": _by_currency(one.totals),
        "refused": [asdict(refused) for refused in one.refused],
        "told": [asdict(told) for told in one.told],
        "unknown_columns": one.unknown_columns,
        "missing_columns": one.missing_columns,
    }


def _by_currency(totals: Sequence[Total]) -> dict[str, dict[str, str | None]]:
    told: dict[str, dict[str, str | None]] = {}
    for total in totals:
        told.setdefault(total.currency, {})[total.amount] = exact(total.sum)
    return told


def _sums(found: Sequence[Examined]) -> dict[str, dict[str, str | None]]:
    """Over all files, each currency for itself."""
    sums: dict[tuple[str, str], Decimal] = {}
    for total in (total for one in found for total in one.totals):
        key = total.currency, total.amount
        sums[key] = sums.get(key, Decimal(0)) + (total.sum or 0)
    told: dict[str, dict[str, str | None]] = {}
    for (currency, amount), value in sorted(sums.items()):
        told.setdefault(currency, {})[amount] = exact(value)
    return told


def _tell(found: Sequence[Examined]) -> None:
    emit(
        "text",
        [
            {
                "file": one.path.name,
                "FOCUS": one.version,
                "rows": f"{one.rows:,}",
                "taken": f"{one.taken:,}",
                "refused": f"{one.refused_rows:,}",
            }
            for one in found
        ],
    )
    click.echo()
    emit("text", [{"currency": c, **amounts} for c, amounts in _sums(found).items()])
    for one in found:
        _tell_faults(one)


def _tell_faults(one: Examined) -> None:
    if one.refused:
        click.echo(f"\n{one.path.name}: {one.refused_rows:,} rows are refused; the first reasons")
        emit("text", [asdict(refused) for refused in one.refused])
    if one.told:
        click.echo(f"\n{one.path.name}: taken, but not as FOCUS asks for")
        rows = [
            {
                "column": told.column,
                "why": told.why,
                "rows": f"{told.count:,}",
                "first": ", ".join(map(str, told.rows)),
            }
            for told in one.told
        ]
        emit("text", rows)
    for what, names in (("lacks", one.missing_columns), ("has other", one.unknown_columns)):
        if names:
            click.echo(f"\n{one.path.name}: {what} columns: {', '.join(names)}")
