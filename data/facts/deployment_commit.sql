-- One row is one deployment as told: the commit it is built from and where that stands.
with known as (
    select
        repository,
        sha,
        case when is_mainline then position end as position,
        case when not is_mainline then position end as branch_position,
        cast(null as bigint) as head_position
    from commit
    union all
    select
        repository,
        landed_sha,
        position,
        null,
        null
    from told_change
    union all
    select
        repository,
        head_sha,
        null,
        position,
        position
    from told_change
    where head_sha is not null
),
full_place as (
    select
        b.ordinal,
        min(k.position) as position,
        min(k.branch_position) as branch_position,
        min(k.head_position) as head_position
    from deployment_build b
    join known k
      on k.repository = b.repository
     and k.sha = b.sha
    group by b.ordinal
),
short_place as (
    -- A short hash is a commit only where exactly one begins with it.
    select
        b.ordinal,
        min(k.sha) as sha,
        min(k.position) as position,
        min(k.branch_position) as branch_position,
        min(k.head_position) as head_position
    from deployment_build b
    join known k
      on k.repository = b.repository
     and left(k.sha, 7) = left(b.sha, 7)
     and left(k.sha, length(b.sha)) = b.sha
    where length(b.sha) between 7 and 39
    group by b.ordinal
    having min(k.sha) = max(k.sha)
)
select
    b.ordinal,
    b.chain,
    b.timezone,
    b.deployed_at,
    b.repository,
    case
        when f.ordinal is not null then b.sha
        else coalesce(s.sha, b.tag_sha, b.sha)
    end as sha,
    coalesce(f.position, s.position) is not null as is_mainline,
    case when b.is_named then coalesce(f.position, s.position) end as commit_position,
    b.tag_position,
    coalesce(f.branch_position, s.branch_position) as branch_position,
    coalesce(f.head_position, s.head_position) as head_position
from deployment_build b
left join full_place f
  on f.ordinal = b.ordinal
left join short_place s
  on s.ordinal = b.ordinal
