-- One row is one attempt to deploy, told once, with its place on the mainline it is built from.
with landing as (
    -- A commit of a branch stands for the whole of what landed only once that has landed.
    select
        b.ordinal,
        b.branch_position as position,
        min(c.merged_at) as merged_at
    from deployment_commit b
    join told_change c
      on c.repository = b.repository
     and c.position = b.branch_position
    where b.commit_position is null
      and b.tag_position is null
      and b.branch_position is not null
    group by b.ordinal, b.branch_position
)
select
    d.ordinal,
    b.chain,
    d.status,
    b.deployed_at,
    cast(b.deployed_at as timestamp) + interval '1' second * case
        when b.deployed_at >= z.turns_at then z.turned_seconds
        else z.offset_seconds
    end as local_at,
    b.repository,
    b.sha,
    coalesce(b.sha, d.version) as identity,
    coalesce(b.commit_position, b.tag_position, l.position) as position,
    case
        when b.commit_position is not null then 'commit'
        when b.tag_position is not null then 'tag'
        when l.position is not null then 'branch'
    end as position_method,
    b.is_mainline or (b.tag_position is null and l.position is not null) as is_contained,
    b.head_position
from told_deployment d
join deployment_commit b
  on b.ordinal = d.ordinal
join local_day z
  on z.timezone = b.timezone
 and z.day = cast(b.deployed_at as date)
left join landing l
  on l.ordinal = d.ordinal
 and l.merged_at <= b.deployed_at
left join deployment_told_again t
  on t.ordinal = d.ordinal
where t.ordinal is null
