"""What the lines of a bill come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from data.costs.bill.column import known
from data.costs.bill.examined import MOST_SHOWN, Examined, Part, Refused, Told, Total
from data.costs.bill.kept import kept
from data.costs.bill.reading import Reading
from data.costs.bill.rule import Rule

_MOST_EXAMPLES = 3
_ROUNDED = "twelve-decimals"


def summed(connection: duckdb.DuckDBPyConnection, reading: Reading, lines: Path) -> Examined:
    """What a bill came to that was read into a file of lines."""
    source = f"({kept([lines])})"
    ((rows, taken),) = connection.execute(
        f"select count(*), count(*) filter (refused is null) from {source}"
    ).fetchall()
    return Examined(
        path=reading.file.path,
        version=reading.version,
        view=reading.view,
        rows=rows,
        taken=taken,
        totals=tuple(_totals(connection, reading, source)),
        parts=tuple(_parts(connection, reading, source)),
        refused=tuple(_refused(connection, source)) if taken < rows else (),
        told=(*_rounded(connection, source), *_told(connection, reading, source)),
        unknown_columns=tuple(reading.others),
        missing=reading.missing,
    )


def _totals(
    connection: duckdb.DuckDBPyConnection, reading: Reading, source: str
) -> Iterator[Total]:
    amounts = [name for name in known().amounts if name in reading.columns]
    sums = ", ".join(f"sum({name}), count({name})" for name in amounts)
    rows = connection.execute(
        f"""
        select BillingCurrency, count(*), {sums}
        from {source}
        where refused is null
        group by BillingCurrency
        order by BillingCurrency
        """
    ).fetchall()
    for currency, of, *values in rows:
        for index, name in enumerate(amounts):
            yield Total(currency, name, values[2 * index], values[2 * index + 1], of)


def _parts(connection: duckdb.DuckDBPyConnection, reading: Reading, source: str) -> Iterator[Part]:
    amount = "cast(null as decimal(38, 12))"
    billed = "sum(BilledCost)" if "BilledCost" in reading.columns else amount
    effective = "sum(EffectiveCost)" if "EffectiveCost" in reading.columns else amount
    invoice = "InvoiceId" if "InvoiceId" in reading.columns else "cast(null as varchar)"
    rows = connection.execute(
        f"""
        select
            BillingAccountId,
            BillingPeriodStart,
            BillingPeriodEnd,
            {invoice} as invoice,
            BillingCurrency,
            count(*),
            {billed},
            {effective}
        from {source}
        where refused is null
        group by all
        order by all
        """
    ).fetchall()
    for row in rows:
        yield Part(*row)


def _refused(connection: duckdb.DuckDBPyConnection, source: str) -> Iterator[Refused]:
    rows = connection.execute(
        f"""
        with reasons as (
            select bill_row, unnest(refused) as reason
            from {source}
            where refused is not null
        )
        select distinct bill_row, reason."column", reason.written, reason.why
        from reasons
        order by all
        limit {MOST_SHOWN}
        """
    ).fetchall()
    for row, column, written, why in rows:
        yield Refused(row, column, written, why)


def _rounded(connection: duckdb.DuckDBPyConnection, source: str) -> Iterator[Told]:
    rows = connection.execute(
        f"""
        with amounts as (
            select bill_row, unnest(rounded) as amount
            from {source}
            where refused is null and rounded is not null
        )
        select amount, count(*), min(bill_row, {_MOST_EXAMPLES})
        from amounts
        group by amount
        order by amount
        """
    ).fetchall()
    for amount, count, examples in rows:
        yield Told(_ROUNDED, amount, "has more than twelve decimals: it is rounded", count,
                   tuple(examples))  # fmt: skip


def _told(connection: duckdb.DuckDBPyConnection, reading: Reading, source: str) -> Iterator[Told]:
    """Each rule is counted in one pass over all; where to look is asked for the broken ones."""
    alone = [rule for rule in reading.asked if not rule.over]
    counts = _counts(connection, alone, source)
    broken = [
        Told(rule.id, rule.column, rule.says, count, ())
        for rule, count in zip(alone, counts, strict=True)
        if count
    ]
    examples = _examples(connection, [r for r in alone if r.id in {t.rule for t in broken}], source)
    for told, rows in zip(broken, examples, strict=True):
        yield replace(told, rows=tuple(rows))
    for rule in reading.asked:
        if rule.over:
            yield from _together(connection, rule, source)


def _counts(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule], source: str
) -> Sequence[int]:
    if not rules:
        return ()
    counts = ", ".join(f"count_if({rule.broken})" for rule in rules)
    ((*found,),) = connection.execute(
        f"select {counts} from {source} where refused is null"
    ).fetchall()
    return found


def _examples(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule], source: str
) -> Sequence[Sequence[int]]:
    if not rules:
        return ()
    asked = ", ".join(f"min(bill_row, {_MOST_EXAMPLES}) filter ({rule.broken})" for rule in rules)
    ((*found,),) = connection.execute(
        f"select {asked} from {source} where refused is null"
    ).fetchall()
    return found


def _together(connection: duckdb.DuckDBPyConnection, rule: Rule, source: str) -> Iterator[Told]:
    names = ", ".join(rule.over)
    told = " and ".join(f"{name} is not null" for name in rule.over)
    ((count, examples),) = connection.execute(
        f"""
        with judged as (
            select count(*) as rows, min(bill_row) as first
            from {source}
            where refused is null and {told}
            group by {names}
            having {rule.broken}
        )
        select coalesce(sum(rows), 0), min(first, {_MOST_EXAMPLES}) from judged
        """
    ).fetchall()
    if count:
        yield Told(rule.id, rule.column, rule.says, int(count), tuple(examples))
