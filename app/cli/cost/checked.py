"""What `cairn cost check` tells of bills, as values and as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import click

from app.cli.output import emit
from data.costs.bill.examined import Examined, Total
from data.costs.bill.native.mapping import View, kind
from data.costs.money import exact

Amounts = Mapping[str, Mapping[str, str | None]]
"""By currency, each amount as a decimal text; None: unknown."""


def told_of(one: Examined) -> dict[str, Any]:
    """One bill as JSON has it."""
    return {
        "file": str(one.path),
        "version": one.version,
        "view": one.view,
        "rows": one.rows,
        "taken": one.taken,
        "refused_rows": one.refused_rows,
        "totals": sums([one]),
        "lacking": _lacking(one.totals),
        "refused": [asdict(refused) for refused in one.refused],
        "told": [asdict(told) for told in one.told],
        "unknown_columns": one.unknown_columns,
        "missing_columns": one.missing_columns,
        "missing": one.missing,
    }


def sums(found: Sequence[Examined]) -> Amounts:
    """Over bills, each currency for itself."""
    return {
        currency: {amount: exact(_sum(totals)) for amount, totals in amounts.items()}
        for currency, amounts in _by_currency([t for one in found for t in one.totals]).items()
    }


def _by_currency(totals: Sequence[Total]) -> dict[str, dict[str, list[Total]]]:
    told: dict[str, dict[str, list[Total]]] = {}
    for total in sorted(totals, key=lambda total: total.currency):
        told.setdefault(total.currency, {}).setdefault(total.amount, []).append(total)
    return told


def _sum(totals: Sequence[Total]) -> Decimal | None:
    known = [total.sum for total in totals if total.sum is not None]
    return sum(known, Decimal(0)) if known else None


def _lacking(totals: Sequence[Total]) -> dict[str, dict[str, int]]:
    """By currency and amount, of how many rows there is none, where there is of others."""
    told: dict[str, dict[str, int]] = {}
    for total in totals:
        if total.rows < total.of:
            told.setdefault(total.currency, {})[total.amount] = total.of - total.rows
    return told


def tell(found: Sequence[Examined]) -> None:
    """Writes bills as text."""
    emit(
        "text",
        [
            {
                "file": one.path.name,
                "form": kind(one.version),
                "rows": f"{one.rows:,}",
                "taken": f"{one.taken:,}",
                "refused": f"{one.refused_rows:,}",
            }
            for one in found
        ],
    )
    click.echo()
    totals = _by_currency([total for one in found for total in one.totals])
    emit("text", [{"currency": c, **_shown(amounts)} for c, amounts in totals.items()])
    for one in found:
        _tell_faults(one)


def _shown(amounts: Mapping[str, Sequence[Total]]) -> dict[str, str]:
    return {amount: _amount(totals) for amount, totals in amounts.items()}


def _amount(totals: Sequence[Total]) -> str:
    value, rows = exact(_sum(totals)), sum(total.rows for total in totals)
    of = sum(total.of for total in totals)
    if value is None:
        return "unknown"
    return value if rows == of else f"{value} (of {rows:,} of {of:,} rows)"


def _tell_faults(one: Examined) -> None:
    if one.refused:
        click.echo(f"\n{one.path.name}: {one.refused_rows:,} rows are refused; the first reasons")
        emit("text", [asdict(refused) for refused in one.refused])
    if one.told:
        click.echo(f"\n{one.path.name}: taken, but not as it should be")
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
    if one.unknown_columns:
        click.echo(f"\n{one.path.name}: has other columns: {', '.join(one.unknown_columns)}")
    _tell_missing(one)


def _tell_missing(one: Examined) -> None:
    bare = [name for name, why in one.missing.items() if why is None]
    if bare:
        click.echo(f"\n{one.path.name}: lacks columns: {', '.join(bare)}")
    told = [{"column": name, "why": why} for name, why in one.missing.items() if why]
    if told:
        click.echo(f"\n{one.path.name}: cannot tell, so that it is unknown here")
        emit("text", told)
    if one.view is View.ESTIMATE:
        click.echo(f"\n{one.path.name}: estimates effective cost, and never tells what is billed")
    elif one.view is not View.WHOLE:
        click.echo(
            f"\n{one.path.name}: tells {one.view} cost alone, and is never added to the other view"
        )
