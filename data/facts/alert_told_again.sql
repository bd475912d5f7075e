-- One row is one alert as one source tells it, with what other sources know of the same.
with told as (
    select
        *,
        -- Sources tell the same alert within the hour: one from when its condition held, one from
        -- when it fired.
        min(source) over (
            partition by fingerprint
            order by unix_seconds(started_at)
            range between 3600 preceding and 3600 following
        ) as first_source,
        -- Who ever tells that an alert was taken on would tell it of each.
        max(case when acknowledged_at is not null then 1 else 0 end) over (
            partition by source
        ) = 1 as is_acknowledgement_told
    from alert
),
other as (
    -- What another source tells of an alert, in the hour in which that began and those beside it.
    select
        *,
        floor(unix_seconds(started_at) / 3600) as near_hour
    from told
    where source <> first_source
    union all
    select
        *,
        floor(unix_seconds(started_at) / 3600) - 1
    from told
    where source <> first_source
    union all
    select
        *,
        floor(unix_seconds(started_at) / 3600) + 1
    from told
    where source <> first_source
),
paired as (
    -- An alert that comes and goes within the hour is told as often: each telling is of the nearest.
    select
        a.id as first_id,
        b.*,
        row_number() over (
            partition by a.id, b.source
            order by abs(unix_seconds(b.started_at) - unix_seconds(a.started_at)), b.id
        ) = 1
        and row_number() over (
            partition by b.id
            order by abs(unix_seconds(b.started_at) - unix_seconds(a.started_at)), a.id
        ) = 1 as is_nearest
    from told a
    join other b
      on b.fingerprint = a.fingerprint
     and b.first_source = a.source
     and b.near_hour = floor(unix_seconds(a.started_at) / 3600)
    where abs(unix_seconds(b.started_at) - unix_seconds(a.started_at)) <= 3600
),
again as (
    -- What an alert is about is the same each time it fires; what came of it is not.
    select
        first_id as id,
        min(service) as service,
        min(model) as model,
        min(pipeline) as pipeline,
        min(case when is_nearest then acknowledged_at end) as acknowledged_at,
        min(case when is_nearest then resolved_at end) as resolved_at,
        min(case when is_nearest then incident end) as incident,
        bool_or(case when is_nearest then is_remedied_by_machine end) as is_remedied_by_machine,
        bool_or(case when is_nearest then is_acknowledgement_told end) as is_acknowledgement_told
    from paired
    group by first_id
)
select
    t.id,
    t.source,
    t.source <> t.first_source as is_told_again,
    t.url,
    t.name,
    coalesce(t.service, g.service) as service,
    t.environment,
    t.severity,
    t.fingerprint,
    t.summary,
    coalesce(t.model, g.model) as model,
    coalesce(t.pipeline, g.pipeline) as pipeline,
    t.started_at,
    t.firing_until_at,
    t.is_acknowledgement_told or coalesce(g.is_acknowledgement_told, false)
        as is_acknowledgement_told,
    coalesce(t.acknowledged_at, g.acknowledged_at) as acknowledged_at,
    coalesce(t.resolved_at, g.resolved_at) as resolved_at,
    coalesce(t.incident, g.incident) as incident,
    coalesce(t.is_remedied_by_machine, g.is_remedied_by_machine) as is_remedied_by_machine
from told t
left join again g
  on g.id = t.id
