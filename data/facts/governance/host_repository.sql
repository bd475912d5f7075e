-- One row is one repository, told once: by its host, where one tells of it.
with told as (
    select
        *,
        row_number() over (
            partition by name
            order by case when host_id is null then 1 else 0 end, source
        ) as rank
    from repository
)
select
    t.id,
    t.source,
    t.url,
    t.name as title,
    coalesce(w.team, 'unowned') as team,
    t.name as repository,
    t.default_branch,
    t.is_archived,
    t.is_private,
    t.topics,
    t.created_at,
    t.pushed_at,
    coalesce(t.created_at, t.observed_at) as began_at,
    cast(null as timestamptz) as ended_at
from told t
left join repository_owner w
  on w.repository = t.name
where t.rank = 1
