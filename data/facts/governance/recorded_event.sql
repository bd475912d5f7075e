-- One row is one thing that a host recorded by itself: a rule passed by, a right changed.
with told as (
    select
        a.*,
        case
            when a.repository is not null then coalesce(w.team, 'unowned')
        end as team,
        coalesce(w.timezone, s.timezone) as timezone
    from audit_event a
    cross join setting s
    left join repository_owner w
      on w.repository = a.repository
)
select
    t.id,
    t.source,
    t.url,
    t.action || coalesce(' ' || t.subject, '') as title,
    t.team,
    t.repository,
    t.action,
    t.actor,
    t.subject,
    t.sha,
    t.detail,
    t.happened_at,
    cast(t.happened_at as timestamp) + interval '1' second * z.offset_seconds as local_at
from told t
join local_clock z
  on z.timezone = t.timezone
 and t.happened_at >= z.from_at
 and t.happened_at < z.until_at
