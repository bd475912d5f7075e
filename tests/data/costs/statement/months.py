"""A small organisation with bills of several months, for tests of statements."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from data.costs.statement.closing import close, statement_of
from data.costs.statement.content import Statement
from data.costs.statement.month import named, next_month
from data.decisions.cost_period import Closing
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.data.costs.bill.bills import bill, line
from tests.data.costs.turn import turn

ORGANISATION = "Harbour Works"
SEPTEMBER, OCTOBER, NOVEMBER = date(2025, 9, 1), date(2025, 10, 1), date(2025, 11, 1)
BY = ("Rana Example", "the bills are final")
AT = datetime(2026, 1, 10, 9, tzinfo=UTC)
RULES = """
version = "2025-1"
[[rule]]
id = "not-ours"
match = { SubAccountId = "foreign" }
exclude = "belongs to the owner of the building"
[[rule]]
id = "by-tag"
match = {}
team_from = "tag.team"
[[rule]]
id = "support"
match = { ServiceName = "Support" }
pool = "support"
[[pool]]
id = "support"
split = "even"
"""


def workspace(
    folder: Path, *, delivery: str = "replacement", rules: str = RULES, cost: str = ""
) -> Workspace:
    """Two teams, a pool, and a folder for bills."""
    (folder / "bills").mkdir()
    (folder / "rules.toml").write_text(rules, encoding="utf-8")
    (folder / "cairn.toml").write_text(
        f"""
[organisation]
name = "{ORGANISATION}"
[cost]
rules = "rules.toml"
{cost}
[[team]]
name = "pay"
[[team]]
name = "web"
[[source]]
kind = "bills"
path = "bills"
delivery = "{delivery}"
""",
        encoding="utf-8",
    )
    return Workspace(folder)


def charge(month: date, cost: str, team: str | None = None, **values: str) -> dict[str, str]:
    """A charge of the fifth of a month."""
    tags = f'{{"team": "{team}"}}' if team else ""
    times = {
        "BillingPeriodStart": f"{month}T00:00:00Z",
        "BillingPeriodEnd": f"{next_month(month)}T00:00:00Z",
        "ChargePeriodStart": f"{month:%Y-%m}-05T00:00:00Z",
        "ChargePeriodEnd": f"{month:%Y-%m}-06T00:00:00Z",
    }
    about = {"SubAccountId": "", "InvoiceId": f"I-{month:%Y%m}", "Tags": tags}
    return line(BilledCost=cost, **{**times, **about, **values})


def deliver(found: Workspace, name: str, *rows: dict[str, str], at: int = 0) -> None:
    """A bill that was written so many seconds after the first."""
    folder = found.folder / "bills"
    path = bill(folder, *rows, name=name)
    os.utime(path, (1_767_300_000 + at,) * 2)


@contextmanager
def synced(found: Workspace) -> Iterator[Snapshot]:
    """The snapshot of what was delivered."""
    turn(found)
    with closing(SnapshotReader(found)) as reader, reader.reading() as snapshot:
        yield snapshot


def told(found: Workspace, month: date) -> Statement:
    """The statement of a month, of what was delivered."""
    with synced(found) as snapshot:
        return statement_of(found, snapshot, ORGANISATION, month)[0]


def closed(
    found: Workspace, month: date, at: datetime = AT, without: Collection[str] = ()
) -> Closing:
    """Closes a month, of what was delivered."""
    with synced(found) as snapshot:
        return close(found, snapshot, ORGANISATION, month, BY, at, without)


def teams(statement: Statement, *, exact: bool = False) -> dict[str, Decimal]:
    """What each team has, and nobody by bucket; of another month under its name too."""
    sums: dict[str, Decimal] = {}
    for one in statement.lines:
        who = one.key.team or one.key.bucket.value
        name = who if one.origin is None else f"{who} of {named(one.origin)}"
        sums[name] = sums.get(name, Decimal(0)) + (one.exact if exact else one.amount)
    return sums
