"""What `cairn cost check` tells of bills, as values and as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click

from app.cli.output import emit
from data.costs.bill.adding import Added, added
from data.costs.bill.examined import Examined
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
        "lacking": lacking([one]),
        "refused": [asdict(refused) for refused in one.refused],
        "told": [asdict(told) for told in one.told],
        "unknown_columns": one.unknown_columns,
        "missing_columns": one.missing_columns,
        "missing": one.missing,
    }


def sums(found: Sequence[Examined]) -> Amounts:
    """Over bills, each currency for itself; an amount that some row does not tell is None."""
    return {
        currency: {amount: exact(one.sum) for amount, one in amounts.items()}
        for currency, amounts in added(found).items()
    }


def lacking(found: Sequence[Examined]) -> Mapping[str, Mapping[str, int]]:
    """By currency and amount, how many rows do not tell it."""
    told = {
        currency: {n: one.of - one.rows for n, one in amounts.items() if one.rows < one.of}
        for currency, amounts in added(found).items()
    }
    return {currency: amounts for currency, amounts in told.items() if amounts}


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
    emit("text", [{"currency": c, **_shown(amounts)} for c, amounts in added(found).items()])
    for one in found:
        _tell_faults(one)


def _shown(amounts: Mapping[str, Added]) -> dict[str, str]:
    return {amount: _amount(one) for amount, one in amounts.items()}


def _amount(one: Added) -> str:
    known = exact(one.known)
    if known is None:
        return "unknown"
    return known if one.rows == one.of else f"{known} (of {one.rows:,} of {one.of:,} rows)"


def _tell_faults(one: Examined) -> None:
    if one.refused:
        are = "1 row is" if one.refused_rows == 1 else f"{one.refused_rows:,} rows are"
        click.echo(f"\n{one.path.name}: {are} refused; the first reasons")
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
