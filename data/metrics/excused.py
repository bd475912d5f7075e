"""Which of the rows that missed have an exception in force. The figure is none the wiser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date

from data.decisions.exception import Exceptions
from data.metrics.compose import rows
from data.metrics.definition import Definition
from data.metrics.scope import Scope
from data.period import Window
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Excused:
    """The promotions behind a figure that lack something, and those that may for a time."""

    day: date
    """On which exceptions had to be in force."""
    lacking: int
    excused: int
    """Those of which all that they lack is excused."""
    until: date | None
    """The first day on which an exception that counts here ends; None without any."""
    decisions: tuple[str, ...]
    """Ids of the exceptions that count here."""


def excused(
    snapshot: Snapshot, metric: Definition, scope: Scope, whole: Window, decided: Exceptions
) -> Excused:
    """Counts the rows behind a figure that lack something and those that an exception excuses.

    In force means: on the day (UTC) of the snapshot, or of the newest exception if that is later.
    So the same snapshot and decisions give the same answer at any time.

    Args:
        snapshot: the published data.
        metric: one whose rows say what they lack in `gate_lacks`.
        scope: which part of the organisation.
        whole: which days.
        decided: the exceptions that stand.
    """
    shown = rows(metric, scope, whole)
    found = snapshot.rows(
        f"""\
-- One row: how many promotions of one version lack the same.
select
    model,
    version,
    gate_lacks,
    count(*) as promotions
from (
{shown.sql}
) f
where gate_lacks is not null
group by model, version, gate_lacks
""",
        shown.parameters,
    )
    known = (snapshot.as_of, *(one.decided_at for one in decided.all))
    day = max(known).astimezone(UTC).date()
    covered: dict[str, date] = {}
    count = 0
    for row in found:
        lacks = frozenset(row["gate_lacks"].split(", "))
        by = decided.covering(row["model"], row["version"], lacks, day)
        covered |= {one.id: one.until for one in by}
        count += row["promotions"] if by else 0
    lacking = sum(row["promotions"] for row in found)
    until = min(covered.values(), default=None)
    return Excused(day, lacking, count, until, tuple(sorted(covered)))
