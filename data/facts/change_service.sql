-- One row is one change of one service: it touches it, or the service is built from all of it.
with touch as (
    select
        t.ordinal,
        o.service,
        t.repository,
        t.position,
        t.first_commit_at,
        t.merged_at
    from told_touch t
    join owned_service o
      on o.service = t.service
    left join change_told_again a
      on a.ordinal = t.ordinal
    where a.ordinal is null
),
undivided as (
    -- No change of its repository names it, and no folder is known: all changes are its own.
    select
        o.service,
        o.repository
    from owned_service o
    left join (
        select distinct
            service,
            repository
        from touch
    ) t
      on t.service = o.service
     and t.repository = o.repository
    where o.path is null
      and t.service is null
)
select *
from touch
union all
select
    c.ordinal,
    u.service,
    c.repository,
    c.position,
    c.first_commit_at,
    c.merged_at
from told_change c
join undivided u
  on u.repository = c.repository
left join change_told_again a
  on a.ordinal = c.ordinal
where a.ordinal is null
