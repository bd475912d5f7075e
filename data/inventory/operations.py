"""What befell services in a stretch of days: incidents, alerts, resources."""

from __future__ import annotations

import pyarrow as pa

from data.inventory.window import asked, within
from data.metrics.scope import Scope
from data.period import Grain, Window
from data.store.snapshot import Snapshot


def has_incidents(snapshot: Snapshot, scope: Scope) -> bool:
    """Whether any incident was ever told."""
    condition = scope.condition("i")
    told = {name: value for name, value in scope.parameters().items() if f"${name}" in condition}
    return bool(
        snapshot.rows(
            f"""
            -- One row is one incident.
            select i.id
            from incident_cause i
            where {condition}
            limit 1
            """,
            told,
        )
    )


def incidents(snapshot: Snapshot, scope: Scope, window: Window, most: int) -> pa.Table:
    """Incidents that are open, and those that began in the window (days of UTC), newest first.

    Args:
        snapshot: what is asked.
        scope: of what; an incident of which no environment is told counts as one of production.
        window: in which they began.
        most: rows; `found` and `open` in each row count all.
    """
    return asked(
        snapshot,
        f"""
        -- One row is one incident.
        select
            *,
            coalesce(service, '(not told)') as hit,
            count(*) over () as found,
            count(*) filter (where is_open) over () as open
        from (
            select
                i.*,
                i.resolved_at is null as is_open,
                date_diff('second', i.started_at, i.resolved_at) as recovery_seconds,
                d.url as deployment_url
            from incident_cause i
            left join deployment_outcome d
              on d.id = i.deployment
            where {scope.condition("i")}
              and (i.resolved_at is null
                   or (cast(i.started_at as timestamp) >= $first
                       and cast(i.started_at as timestamp) < $after))
        ) told
        order by is_open desc, started_at desc, id
        limit {most:d}
        """,
        scope,
        window,
    )


def noisy_alerts(snapshot: Snapshot, scope: Scope, window: Window, most: int) -> pa.Table:
    """Alerts by name and service, those that led to no incident most often first."""
    return asked(
        snapshot,
        f"""
        -- One row is one alert of one service, however often it fired; `found` counts all of them,
        -- `all_led_nowhere` their firings that led to no incident.
        select
            title,
            service,
            team,
            arg_max(severity, (happened_at, id)) as severity,
            count(*) as fired,
            count(*) filter (where is_noise = false) as led_to_incident,
            count(*) filter (where is_noise) as led_nowhere,
            count(*) filter (where is_noise is null) as unknown,
            count(*) filter (where is_remedied_by_machine) as mended_by_machine,
            count(*) filter (where resolved_at is null) as unresolved,
            median(resolve_seconds) as resolve_seconds,
            max(happened_at) as last_at,
            arg_max(url, (happened_at, id)) as url,
            count(*) over () as found,
            (sum(count(*) filter (where is_noise)) over ())::bigint as all_led_nowhere
        from alert_outcome a
        where {scope.condition("a")}
          and not is_told_again
          and {within("a")}
        group by title, service, team
        order by led_nowhere desc, fired desc, title, service
        limit {most:d}
        """,
        scope,
        window,
    )


def resources(
    snapshot: Snapshot, scope: Scope, window: Window, grain: Grain, threshold: float
) -> pa.Table:
    """Resources with their use: the mean, the fullest day, and days at or above a threshold.

    `periods` and `course` are the means of the periods of a grain, in their order.
    """
    return asked(
        snapshot,
        f"""
        -- One row is one resource of one service.
        with measured as (
            select
                *,
                cast(date_trunc('{grain}', local_at) as date) as period
            from indicator_day u
            where {scope.condition("u")}
              and kind = 'utilisation'
              and {within("u")}
        ),
        cut as (
            select
                service,
                environment,
                name,
                period,
                sum(value * known_seconds)
                    / nullif(sum(case when value is not null then known_seconds end), 0) as used
            from measured
            group by service, environment, name, period
        ),
        course as (
            select
                service,
                environment,
                name,
                list(period order by period) as periods,
                list(used order by period) as course
            from cut
            group by service, environment, name
        )
        select
            m.service,
            m.environment,
            m.name,
            m.team,
            c.periods,
            c.course,
            sum(m.value * m.known_seconds)
                / nullif(sum(case when m.value is not null then m.known_seconds end), 0) as used,
            max(m.value) as fullest,
            count(*) filter (where m.value >= {threshold:f}) as days_above,
            count(m.value) as days_known,
            count(*) as days_asked,
            arg_max(m.url, m.happened_at) as url
        from measured m
        join course c
          on c.service = m.service
         and c.environment = m.environment
         and c.name = m.name
        group by m.service, m.environment, m.name, m.team, c.periods, c.course
        order by m.service, m.name
        """,
        scope,
        window,
    )
