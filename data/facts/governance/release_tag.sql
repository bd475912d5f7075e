-- One row is one tag of a repository, with the rule that protects it, if one is told.
with told as (
    select
        v.*,
        coalesce(w.team, 'unowned') as team,
        coalesce(w.timezone, s.timezone) as timezone
    from version v
    cross join setting s
    left join repository_owner w
      on w.repository = v.repository
    where v.tagged_at is not null
)
select
    t.id,
    t.source,
    t.url,
    t.repository || ' ' || t.name as title,
    t.team,
    t.repository,
    t.name,
    t.sha,
    t.tagged_at,
    t.tagged_at as happened_at,
    cast(t.tagged_at as timestamp) + interval '1' second * z.offset_seconds as local_at
from told t
join local_clock z
  on z.timezone = t.timezone
 and t.tagged_at >= z.from_at
 and t.tagged_at < z.until_at
