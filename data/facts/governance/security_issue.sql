-- One row is one finding of a scan, and how long it stayed open.
with told as (
    select
        f.*,
        coalesce(w.team, 'unowned') as team,
        coalesce(w.timezone, s.timezone) as timezone,
        coalesce(f.fixed_at, f.dismissed_at) as closed_at,
        -- Where its end is not told, it was over when it was first read so.
        case
            when f.state <> 'open' then coalesce(f.fixed_at, f.dismissed_at, f.observed_at)
        end as closed_before_at
    from security_finding f
    cross join setting s
    left join repository_owner w
      on w.repository = f.repository
)
select
    t.id,
    t.source,
    t.url,
    t.kind || ' ' || t.rule || coalesce(' in ' || t.subject, '') as title,
    t.team,
    t.repository,
    t.kind,
    t.number,
    t.rule,
    t.subject,
    t.tool,
    t.severity,
    t.state,
    t.opened_at,
    t.fixed_at,
    t.dismissed_at,
    t.dismissed_reason,
    t.is_push_bypassed,
    t.closed_at,
    t.closed_before_at,
    unix_seconds(t.closed_at) - unix_seconds(t.opened_at) as open_seconds,
    t.opened_at as began_at,
    t.closed_before_at as ended_at,
    t.opened_at as happened_at,
    cast(t.opened_at as timestamp) + interval '1' second * z.offset_seconds as local_at
from told t
join local_clock z
  on z.timezone = t.timezone
 and t.opened_at >= z.from_at
 and t.opened_at < z.until_at
