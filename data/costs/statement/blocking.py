"""What stands in the way of a statement: checks that are broken, and sums that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.costs.statement.content import Reconciled
from data.costs.statement.refusal import StatementBlocked
from data.store.snapshot import Snapshot

_MOST_NAMED = 3
_FIX = "see *Allocation*, mend the bills or the rules, and run `cairn sync`"


def refuse_unknown(unknown: Sequence[Mapping[str, Any]]) -> None:
    """Makes sure that billed cost is known.

    Args:
        unknown: accounts of which it is not.

    Raises:
        StatementBlocked: naming them.
    """
    if unknown:
        listed = "; ".join(map(_where, unknown[:_MOST_NAMED]))
        fix = "bring the bill that tells it, and run `cairn sync`"
        what = f"billed cost is not known of {listed}{_more(unknown)}"
        raise StatementBlocked(what, "costs", fix)


def refuse_broken(snapshot: Snapshot, reconciled: Sequence[Reconciled]) -> None:
    """Makes sure that all that must hold of costs does.

    Raises:
        StatementBlocked: naming the rows of what is broken.
    """
    sql = Path(__file__).with_name("sql") / "broken.sql"
    broken = snapshot.rows(sql.read_text(encoding="utf-8"))
    if broken:
        titles = ", ".join(dict.fromkeys(f"“{row['title']}”" for row in broken))
        rows = "; ".join(map(_row, broken[:_MOST_NAMED]))
        raise StatementBlocked(f"does not hold: {titles} ({rows}{_more(broken)})", "costs", _FIX)
    wrong = [one for one in reconciled if one.difference]
    if wrong:
        rows = "; ".join(map(_sum, wrong[:_MOST_NAMED]))
        raise StatementBlocked(f"does not add up: {rows}{_more(wrong)}", "costs", _FIX)


def _more(some: Sequence[object]) -> str:
    return f"; and {len(some) - _MOST_NAMED} more" if len(some) > _MOST_NAMED else ""


def _row(row: Mapping[str, Any]) -> str:
    told = _where(row)
    if row["amount_in"] is None or row["amount_out"] is None:
        return told
    return f"{told}: {row['amount_in']:f} in, {row['amount_out']:f} out"


def _where(row: Mapping[str, Any]) -> str:
    month = row.get("billing_month")
    names = (row["account"], row["invoice"], row["currency"], row.get("note"))
    return " ".join(filter(None, (f"{month:%Y-%m}" if month else None, *names)))


def _sum(one: Reconciled) -> str:
    where = " ".join(filter(None, (one.account, one.invoice, one.currency)))
    return f"{where}: {one.billed:f} in, {one.out:f} out"
