-- One row is one change that another source tells as well; the one that knows its review stays.
with shared as (
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
                case when c.opened_at is null then 2 else 1 end,
                c.id
        ) as rank
    from told_change c
    join shared s
      on s.repository = c.repository
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
