"""The bills that a month is closed without: whoever says one means that of a single source."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence
from datetime import date

from data.costs.statement.content import Missing
from data.costs.statement.month import named
from data.costs.statement.refusal import CloseRefused
from data.store.snapshot import Snapshot

_BILLING = """
    -- One row is one source that ever billed an account. An estimate is no bill.
    select distinct source
    from bill_in_effect
    where not is_estimate
      and account = $account
    order by source
"""


def excused(
    month: date, missing: Sequence[Missing], said: Collection[str], snapshot: Snapshot
) -> frozenset[Missing]:
    """Which of the missing bills are said to be gone without.

    Args:
        month: its first day.
        missing: the accounts that are due and have no bill.
        said: each `SOURCE/ACCOUNT`, or the account alone where a single source ever billed it.
        snapshot: the bills.

    Raises:
        CloseRefused: naming one that is not due, or that several sources bill.
    """
    return frozenset(_meant(month, missing, name, snapshot) for name in sorted({*said}))


def _meant(month: date, missing: Sequence[Missing], name: str, snapshot: Snapshot) -> Missing:
    whole = next((one for one in missing if one.name == name), None)
    if whole is not None:
        return whole
    called = [one for one in missing if one.account == name]
    if not called:
        what = f"no bill of `{name}` is missing in {named(month)}"
        fix = f"leave out `--without {shlex.quote(name)}`: it has a bill, or had none before"
        raise CloseRefused(what, "", fix)
    sources = [row["source"] for row in snapshot.rows(_BILLING, {"account": name})]
    if len(sources) > 1:
        what = f"`{name}` is an account of several sources ({', '.join(sources)})"
        raise CloseRefused(what, "", f"say whose bill is missing: {told(called)}")
    return called[0]


def told(missing: Sequence[Missing]) -> str:
    """How it is said on the command line that a month is closed without some bills."""
    return f"`{' '.join(f'--without {shlex.quote(one.name)}' for one in missing)}`"
