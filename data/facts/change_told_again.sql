-- One row is one change that another source tells as well; the one that knows its review stays.
with asking as (
    -- Who tells requests of a repository knows also what came without one.
    select distinct
        source,
        repository
    from change
    where opened_at is not null
),
shared as (
    select repository
    from told_change
    group by repository
    having min(source) <> max(source)
),
ranked as (
    select
        c.ordinal,
        row_number() over (
            partition by c.repository, c.landed_sha
            order by
                case
                    when c.opened_at is not null then 1
                    when a.source is not null then 2
                    else 3
                end,
                c.id
        ) as rank
    from told_change c
    join shared s
      on s.repository = c.repository
    left join asking a
      on a.source = c.source
     and a.repository = c.repository
),
brought as (
    -- Commits that a host says a request brought, also where they landed one by one.
    select
        source,
        repository,
        sha,
        change
    from commit
    where change is not null
    union
    select
        source,
        repository,
        sha,
        change
    from change_commit
)
select ordinal
from ranked
where rank > 1
union
-- A host that named the request of a commit late had it told as a direct push before.
select d.ordinal
from told_change d
join told_change c
  on c.repository = d.repository
 and c.landed_sha = d.landed_sha
where d.number is null
  and c.number is not null
union
select d.ordinal
from told_change d
join brought b
  on b.repository = d.repository
 and b.sha = d.landed_sha
join told_change c
  on c.source = b.source
 and c.repository = b.repository
 and c.number = b.change
where d.number is null
