-- One row is one change that undoes an earlier one of its repository, named by number or hash.
with undoing as (
    select
        ordinal,
        repository,
        position,
        lower(reverts) as names
    from told_change
    where reverts is not null
),
by_number as (
    -- A number that was used again means the latest before.
    select
        u.ordinal,
        u.repository,
        max(c.position) as undone_position
    from undoing u
    join told_change c
      on c.repository = u.repository
     and c.number = u.names
     and c.position < u.position
    group by u.ordinal, u.repository
),
known as (
    select
        repository,
        sha,
        position
    from commit
    where position is not null
    union all
    select
        repository,
        landed_sha,
        position
    from told_change
    union all
    select
        repository,
        head_sha,
        position
    from told_change
    where head_sha is not null
),
by_hash as (
    -- A short hash means a commit only where exactly one begins with it.
    select
        u.ordinal,
        u.repository,
        min(k.position) as undone_position
    from undoing u
    join known k
      on k.repository = u.repository
     and left(k.sha, 7) = left(u.names, 7)
     and left(k.sha, length(u.names)) = u.names
     and k.position < u.position
    where length(u.names) >= 7
    group by u.ordinal, u.repository
    having min(k.sha) = max(k.sha)
)
select distinct
    n.ordinal,
    c.ordinal as undone_ordinal
from (
    select * from by_number
    union all
    select * from by_hash
) n
join told_change c
  on c.repository = n.repository
 and c.position = n.undone_position
-- To undo an undoing brings a change back: that mends nothing.
where c.reverts is null
