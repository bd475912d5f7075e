-- One row is one step of a service in an environment: a success that changed what runs there.
with success as (
    select
        a.*,
        lag(a.identity) over (
            partition by a.chain
            order by a.deployed_at, a.position nulls last, a.ordinal
        ) as running
    from deployment_attempt a
    where a.status = 'success'
),
step as (
    -- A repeat of what already runs is no step.
    select
        ordinal,
        chain,
        deployed_at,
        local_at,
        repository,
        sha,
        identity,
        position,
        position_method,
        is_contained,
        head_position,
        lag(ordinal) over chain_order as previous_ordinal,
        lag(deployed_at) over chain_order as previous_at,
        lag(identity) over chain_order as previous_identity,
        lag(repository) over chain_order as previous_repository,
        lag(position) over chain_order as previous_position,
        lag(is_contained) over chain_order as is_previous_contained,
        last(case when position is null then deployed_at end ignore nulls) over (
            partition by chain
            order by deployed_at, position nulls last, ordinal
            rows between unbounded preceding and 1 preceding
        ) as unplaced_at,
        max(position) over (
            partition by chain, repository
            order by deployed_at, position nulls last, ordinal
            rows between unbounded preceding and 1 preceding
        ) as high_position
    from success
    where running is null
       or identity is null
       or running <> identity
    window chain_order as (
        partition by chain
        order by deployed_at, position nulls last, ordinal
    )
),
revisited as (
    -- What ran here in two steps, and since when it has been known here.
    select
        chain,
        identity,
        min(deployed_at) as first_at
    from step
    group by chain, identity
    having count(*) > 1
)
select
    s.ordinal,
    s.chain,
    s.deployed_at,
    s.local_at,
    s.repository,
    s.sha,
    s.position,
    s.position_method,
    s.head_position,
    s.previous_ordinal,
    s.previous_at,
    s.unplaced_at,
    s.previous_ordinal is null as is_baseline,
    s.position is not null and s.high_position is null as is_first_placed,
    s.position > coalesce(s.high_position, 0) as is_advance,
    coalesce(mine.first_at = s.deployed_at, true) as is_first_seen,
    -- A place on one mainline tells older from newer, unless it is that of a release branch, which
    -- goes on from there: then, as without a place, older is what ran here before.
    case
        when s.repository = s.previous_repository and s.position > s.previous_position
            then false
        when s.repository = s.previous_repository and s.position < s.previous_position
            and s.is_contained
            then true
        when s.repository = s.previous_repository and s.position = s.previous_position
            and s.is_contained <> s.is_previous_contained
            then s.is_contained
        else coalesce(mine.first_at < coalesce(running.first_at, s.previous_at), false)
    end as is_rollback
from step s
left join revisited mine
  on mine.chain = s.chain
 and mine.identity = s.identity
left join revisited running
  on running.chain = s.chain
 and running.identity = s.previous_identity
