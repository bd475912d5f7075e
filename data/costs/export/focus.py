"""Writes allocated charges as FOCUS 1.3: each part of a charge a row, linked to its origin.

What FOCUS says of split charges is kept: parts of one charge add up to it in every amount and
quantity, their ratios to 1, and dimensions, tags and unit prices are those of the charge.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path

from data.costs.bill.column import Type, known
from data.costs.bill.file import identifier
from data.costs.lines import allocated_again, opened
from data.durable import make_folder, sync_file, sync_folder
from data.errors import WrongQuestion
from data.store.hub import Snapshot
from data.store.quoting import quoted

VERSION = "1.3"
_QUANTITIES = ("CommitmentDiscountQuantity", "ConsumedQuantity", "PricingCurrencyEffectiveCost",
               "PricingQuantity")  # fmt: skip
"""Columns that add up beside the amounts: a part of a charge has a part of them."""
_TEXT = "case when {when} then {then} else {otherwise} end"
_RATIO = "cast(ratio as varchar)"
_CHARGE = "concat_ws(':', source, load, bill_row, bill_line)"
"""Which charge: the lines of its bill, the record of the file, and the line that it has there."""
_OWN = {
    "x_ChargeId": _CHARGE,
    "x_SplitOriginId": f"case when path is not null then {_CHARGE} end",
    "x_SplitOriginCost": "origin_cost",
    "x_Team": "team",
    "x_Bucket": "bucket",
    "x_Rule": "rule",
    "x_RuleVersion": "rule_version",
    "x_Source": "source",
}
"""Columns of our own, after those of FOCUS."""
_DETAILS = f"""
    '{{"Elements":[{{"AllocatedRatio":' || {_RATIO}
    || coalesce(
        ',"UsageUnit":' || to_json(usage_unit) || ',"UsageQuantity":' || usage_quantity, ''
    )
    || '}}],"x_Method":' || to_json(method) || ',"x_Path":' || to_json(path) || '}}'
"""
_SPLIT = {
    "AllocatedMethodId": "path[1] || '/' || method || '@' || rule_version",
    "AllocatedMethodDetails": _DETAILS,
    "AllocatedResourceId": "'team:' || team",
    "AllocatedResourceName": "team",
    "AllocatedTags": "case when team is not null then '{\"team\":' || to_json(team) || '}' end",
}
"""What a part of a charge tells of how it came to be."""
_ELSE = {
    "ServiceProviderName": "coalesce(ServiceProviderName, ProviderName)",
    "HostProviderName": "coalesce(HostProviderName, ServiceProviderName, ProviderName)",
    "ProviderName": "coalesce(ProviderName, ServiceProviderName)",
}
"""What older and newer versions call otherwise."""


class Written(StrEnum):
    """How the file is written: its name says it."""

    CSV = ".csv"
    PARQUET = ".parquet"


class NoExport(WrongQuestion):
    """A file is named whose form is not known."""


def export(snapshot: Snapshot, bills: Path, into: Path, month: date | None = None) -> int:
    """Writes allocated charges, all of the file or nothing.

    Args:
        snapshot: whose bills, rules and shares hold.
        bills: where the lines of bills lie.
        into: the file; `.csv` or `.parquet`.
        month: only charges of the month of this first day.

    Returns:
        How many rows were written.

    Raises:
        NoExport: if the file is neither.
        LinesGone: if the lines of a bill are not in the store any more.
    """
    form = _form(into)
    make_folder(into.parent)
    part = into.with_name(f".{into.name}.{os.getpid()}.part")
    try:
        with opened(snapshot) as connection:
            allocated_again(connection, bills)
            connection.execute(
                f"create temp view part as {_part()}".replace(
                    "$month", f"cast('{month}' as date)" if month else "cast(null as date)"
                )
            )
            ((rows,),) = connection.execute(
                f"copy (select {', '.join(_columns(form))} from part) "
                f"to '{quoted(part)}' ({_options(form)})"
            ).fetchall()
        sync_file(part)
        part.replace(into)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(into.parent)
    return int(rows)


def _form(path: Path) -> Written:
    try:
        return Written(path.suffix.lower())
    except ValueError as error:
        fix = "let its name end in `.csv` or `.parquet`"
        raise NoExport("the form of the file is not known", str(path), fix) from error


def _part() -> str:
    return Path(__file__).with_name("part.sql").read_text(encoding="utf-8")


def _options(form: Written) -> str:
    if form is Written.PARQUET:
        return "format parquet, compression zstd"
    return "format csv, header, timestampformat '%Y-%m-%dT%H:%M:%SZ'"


def _columns(form: Written) -> Iterator[str]:
    """SQL of each column, in their order."""
    for name, column in known().of(VERSION).items():
        found = _ELSE.get(name, identifier(name))
        if name in _SPLIT:
            found = _TEXT.format(when="path is not null", then=_SPLIT[name], otherwise=found)
        elif name in _QUANTITIES:
            found = _TEXT.format(when="path is not null", then=_cut(name), otherwise=found)
        if column.type is Type.MOMENT and form is Written.CSV:
            found = f"strftime({found} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
        yield f"{found} as {identifier(name)}"
    yield from (f"{sql} as {name}" for name, sql in _OWN.items())


def _cut(name: str) -> str:
    """The part of a quantity: parts lie end to end, so that they add up to the whole."""
    return (
        f"{_up_to(identifier(name), 'upper_bound')} - ({_up_to(identifier(name), 'lower_bound')})"
    )


def _up_to(name: str, bound: str) -> str:
    """Whole units apart from the rest: quantities can be far larger than amounts, as of bytes."""
    return (
        f"cast(cast(trunc({name}) as decimal(24, 0)) * {bound} as decimal(38, 12)) "
        f"+ cast(({name} - trunc({name})) * {bound} as decimal(38, 12))"
    )
