-- One row is one commit of a mainline's first-parent history, told once, and the change that brought it.
with named as (
    -- As a change landed; as its host says; as one of its branch, which moved the mainline forward.
    select
        repository,
        landed_sha as sha,
        id as change,
        1 as way
    from merged_change
    union all
    select
        k.repository,
        k.sha,
        c.id,
        2
    from commit k
    join merged_change c
      on c.source = k.source
     and c.repository = k.repository
     and c.number = k.change
    where k.is_mainline
    union all
    select
        k.repository,
        k.sha,
        c.id,
        3
    from change_commit k
    join merged_change c
      on c.source = k.source
     and c.repository = k.repository
     and c.number = k.change
),
brought as (
    select
        repository,
        sha,
        change,
        row_number() over (partition by repository, sha order by way, change) as rank
    from named
),
told as (
    select
        k.id,
        k.source,
        k.url,
        k.subject,
        k.repository,
        k.sha,
        k.position,
        bool_or(k.is_signed) over (partition by k.repository, k.sha) as is_signed,
        k.committed_at,
        c.id as change,
        c.number,
        c.is_direct,
        coalesce(c.team, w.team, 'unowned') as team,
        coalesce(c.merged_at, k.committed_at) as happened_at,
        c.local_at,
        coalesce(w.timezone, s.timezone) as timezone,
        row_number() over (
            partition by k.repository, k.sha
            order by case when k.source = c.source then 1 else 2 end, k.id
        ) as rank
    from commit k
    cross join setting s
    left join brought b
      on b.repository = k.repository
     and b.sha = k.sha
     and b.rank = 1
    left join merged_change c
      on c.id = b.change
    left join repository_owner w
      on w.repository = k.repository
    where k.is_mainline
)
select
    t.id,
    t.source,
    t.url,
    t.subject as title,
    t.team,
    t.repository,
    t.sha,
    t.position,
    t.change,
    t.number,
    t.is_direct,
    t.is_signed,
    t.committed_at,
    t.happened_at,
    coalesce(
        t.local_at,
        cast(t.happened_at as timestamp) + interval '1' second * z.offset_seconds
    ) as local_at
from told t
join local_clock z
  on z.timezone = t.timezone
 and t.happened_at >= z.from_at
 and t.happened_at < z.until_at
where t.rank = 1
