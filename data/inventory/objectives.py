"""Objectives of services, and what is left of the errors that they allow."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa

from data.inventory.window import asked, days, within
from data.metrics.scope import Scope
from data.period import Window
from data.store.snapshot import Snapshot

_RECENT_DAYS = 3
"""A budget whose last measured day lies further back says nothing of the window's end."""


def objectives(snapshot: Snapshot, scope: Scope, window: Window) -> pa.Table:
    """Objectives with what is left of their budget at the end of the window, least first.

    An objective that two sources measure has a row of each. What is left, and the burn rate of
    three days, are null where nothing was measured on the last three days of the window, or of
    what was read of it: `last_day` is the last that was.
    """
    end = min(window.end, snapshot.as_of.date() + timedelta(days=1))
    recent = "day >= $recent"
    return asked(
        snapshot,
        f"""
        -- One row is one objective of one service as one source tells it, at the window's end.
        select
            service,
            environment,
            name,
            team,
            source,
            max(day) filter (where known_seconds > 0) as last_day,
            coalesce(max(day) filter (where known_seconds > 0) < $recent, true) as is_stale,
            arg_max(target, day) as target,
            1 - sum(bad) / nullif(sum(counted), 0) as good_share,
            arg_max(budget_left, day) filter (where {recent} and budget_left is not null)
                as budget_left,
            arg_max(burn_rate_3d, day) filter (where {recent} and burn_rate_3d is not null)
                as burn_rate_3d,
            sum(case when burn_rate is not null then burn_rate * known_seconds end)
                / nullif(sum(case when burn_rate is not null then known_seconds end), 0)
                as burn_rate,
            count(*) filter (where burn_rate is not null) as days_known,
            list(budget_left order by day) as course,
            arg_max(url, day) as url
        from objective_burn o
        where {scope.condition("o")}
          and {within("o")}
        group by service, environment, name, team, source
        order by budget_left nulls last, service, name, source
        """,
        scope,
        window,
        {"recent": end - timedelta(days=_RECENT_DAYS)},
    )


def budget(
    snapshot: Snapshot, window: Window, service: str, environment: str, name: str, source: str
) -> pa.Table:
    """The days of one objective as one source tells it: its budget, and how fast it burned."""
    return snapshot.query(
        f"""
        -- One row is one day of the objective.
        select
            day,
            target,
            good_share,
            burn_rate,
            burn_rate_3d,
            budget_left,
            known_seconds,
            url
        from objective_burn o
        where service = $service
          and environment = $environment
          and name = $name
          and source = $source
          and {within("o")}
        order by day
        """,
        {
            "service": service,
            "environment": environment,
            "name": name,
            "source": source,
            **days(window),
        },
    )
