"""The parts of a month's costs: what each came to, its share, its change, and the lines behind."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.cost.behind import Figure, behind_each
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.filled import filled
from app.components.cost.money import amount_column, in_units, share
from app.components.cost.opened import open_of, opening
from app.components.cost.part_names import Names
from app.components.cost.unknown import why_unknown
from app.components.openable import openable
from data.costs.allocation.bucket import Bucket
from data.costs.views.asked import answered
from data.costs.views.told import By, Paid, Part, Told, whole
from data.store.snapshot import Snapshot

_KIND = "part"
_NOT_OURS = {"bucket": Bucket.EXCLUDED.value}


def parts_table(
    snapshot: Snapshot,
    told: Told,
    found: Sequence[Part],
    paid: Sequence[Paid],
    by: By,
    names: Names,
) -> None:
    """Lists the parts; a chosen one shows its lines.

    Args:
        snapshot: whose costs.
        told: what is asked, and in which currency.
        found: the parts.
        paid: the currencies there are; lines are shown in each.
        by: what the parts are.
        names: what they are called.
    """
    shown = [one for one in found if one.rows or _was_there(one)]
    if not shown:
        st.markdown("Nothing was billed in what is chosen here.")
        return
    kind = f"{_KIND}-{by.value}"
    ids = [id_of(one, names) for one in shown]
    openable(
        filled(
            [_line(one, whole(found).amount, told, by, names) for one in shown], "Cost", "Share"
        ),
        opening(kind, ids),
        key=f"parts {by.value} {told}",
        columns=_columns(told),
        tall=(15, 565),
        alt=f"One row a {by.value}: its cost, its share, and how it changed",
    )
    _csv(snapshot, told, by)
    name = open_of(kind)
    if name not in ids:
        return
    chosen = shown[ids.index(name)]
    where: dict[str, object] = {by.value: chosen.name}
    if chosen.nobody is not None:
        where["bucket"] = chosen.nobody
    if told.teams:
        where["team"] = told.teams
    figure = Figure(names.of_part(chosen), where, unless=_NOT_OURS)
    behind_each(snapshot, told.asked, figure, [each.currency for each in paid])


def id_of(one: Part, names: Names) -> str:
    """What a part is called in the address; one of which nothing says which by those words."""
    return one.name or one.nobody or names.of_part(one)


def _was_there(one: Part) -> bool:
    """Whether any of it was billed in the month before, known or not."""
    return one.before is not None or bool(one.lacking_before or one.untold_before)


def _line(one: Part, sum_: Decimal | None, told: Told, by: By, names: Names) -> dict[str, Any]:
    of_all = None if one.amount is None or not sum_ or sum_ < 0 else share(one.amount, sum_)
    return {
        by.value.capitalize(): names.of_part(one),
        "Cost": _shown(one.amount, told),
        "Share": None if of_all is None else float(of_all) * 100,
        "Change": _shown(_difference(one.alike, one.before), told),
        "Change, %": _relative(one.alike, one.before),
        "Over a year": _shown(_difference(one.alike, one.year_before), told),
        "Over a year, %": _relative(one.alike, one.year_before),
        "Charges": one.charges,
        "Parts": one.rows if one.charges is None else None,
        "State": _state(one, told),
    }


def _state(one: Part, told: Told) -> str | None:
    reason = why_unknown(one.lacking, one.untold)
    if reason is not None:
        return reason
    if not one.rows:
        return "gone"
    return "new" if told.asked.month and not one.rows_before else None


def _difference(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if now is None or before is None else now - before


def _relative(now: Decimal | None, before: Decimal | None) -> float | None:
    if now is None or before is None or before <= 0:
        return None
    return float(now / before - 1) * 100


def _shown(amount: Decimal | None, told: Told) -> Decimal | None:
    return None if amount is None else in_units(amount, told.currency)


def _columns(told: Told) -> dict[str, Any]:
    config = st.column_config
    has_month = told.asked.month is not None
    days = told.compared.days if told.compared else None
    cut = "" if days is None else f" The first {days:,} days of both: the month still runs."
    changed = {
        "Change": amount_column(
            told.currency, help=f"Against the month before, in {told.currency}.{cut}"
        ),
        "Change, %": config.NumberColumn(format="%+.1f %%", width=95),
        "Over a year": amount_column(
            told.currency, help=f"Against a year before, in {told.currency}.{cut}"
        ),
        "Over a year, %": config.NumberColumn(format="%+.1f %%", width=110),
    }
    return {
        **{by.value.capitalize(): config.TextColumn(width=165) for by in By},
        "Cost": amount_column(
            told.currency,
            label=f"Cost, {told.currency}",
            help="Rounded; the file has all digits.",
        ),
        "Share": config.ProgressColumn(
            format="%.1f %%", min_value=0, max_value=100, width=140,
            help="Of all our cost that is shown here.",
        ),
        **(changed if has_month else dict.fromkeys(changed)),
        "Charges": config.NumberColumn(
            format="localized", width=85, help="Rows of bills; one that is split counts once."
        ),
        "Parts": config.NumberColumn(
            format="localized", width=85,
            help="Of charges: one that is split has a part for each team, on each way to it.",
        ),
        "State": config.TextColumn(
            width=110,
            help="New: nothing of it was billed in the month before. Gone: nothing is any more.",
        ),
    }  # fmt: skip


def _csv(snapshot: Snapshot, told: Told, by: By) -> None:
    rows = answered(snapshot, "told_parts", told.asked, by=by.value, **told.parameters)
    extract = Extract.of(
        snapshot, "told_parts", f"costs by {by.value}", told.asked,
        {"by": by.value, "team": ", ".join(told.teams) or None, "told in": told.currency},
    )  # fmt: skip
    csv_button(extract, rows, count=len(rows), key=f"parts by {by.value} csv", label="As CSV")
