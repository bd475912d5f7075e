-- One row is one incident whose source names a commit: the deployment that brought it, or why none.
with named as (
    select
        i.id,
        i.source,
        i.stream,
        i.service,
        i.environment,
        coalesce(e.tier, 'production') as tier,
        i.started_at,
        lower(i.deployment) as sha
    from incident i
    left join environment_tier e
      on e.environment = i.environment
    where not i.is_withdrawn
      and length(i.deployment) >= 7
      and translate(lower(i.deployment), '0123456789abcdef', '') = ''
),
home as (
    -- Where a short hash is looked up: where the incident is told, and what its service is built of.
    select
        n.id,
        r.name as repository
    from named n
    join repository r
      on r.source = n.source
     and 'incidents:' || r.host_id = n.stream
    union
    select
        n.id,
        o.repository
    from named n
    join owned_service o
      on o.service = n.service
),
told as (
    select
        repository,
        sha
    from commit
    union all
    select
        repository,
        sha
    from change_commit
    union all
    select
        repository,
        landed_sha
    from told_change
    union all
    select
        repository,
        head_sha
    from told_change
    union all
    select
        repository,
        sha
    from deployment_step
),
found as (
    -- A short hash is a commit only where exactly one begins with it.
    select
        n.id,
        min(t.sha) as sha
    from named n
    join told t
      on left(t.sha, 7) = left(n.sha, 7)
     and left(t.sha, length(n.sha)) = n.sha
    left join home h
      on h.id = n.id
     and h.repository = t.repository
    where h.id is not null
       or length(n.sha) >= 40
    group by n.id
    having min(t.sha) = max(t.sha)
),
bearer as (
    -- The changes that hold it: it landed them, was their head, or is told to be one of theirs.
    select
        f.id,
        c.ordinal
    from found f
    join told_change c
      on c.landed_sha = f.sha
    union
    select
        f.id,
        c.ordinal
    from found f
    join told_change c
      on c.head_sha = f.sha
    union
    select
        f.id,
        c.ordinal
    from found f
    join commit m
      on m.sha = f.sha
    join told_change c
      on c.repository = m.repository
     and c.position = m.position
    union
    select
        f.id,
        c.ordinal
    from (
        select
            repository,
            sha,
            change
        from commit
        union all
        select
            repository,
            sha,
            change
        from change_commit
    ) m
    join found f
      on f.sha = m.sha
    join told_change c
      on c.repository = m.repository
     and c.number = m.change
),
way as (
    select
        b.id,
        r.service,
        r.environment,
        r.tier,
        a.deployment_ordinal,
        a.deployed_at,
        a.state
    from bearer b
    join change_arrival a
      on a.ordinal = b.ordinal
    join delivery_route r
      on r.route = a.route
    union all
    -- A deployment of that very commit holds it, whatever is known of changes.
    select
        f.id,
        k.service,
        k.environment,
        k.tier,
        s.ordinal,
        s.deployed_at,
        'deployed'
    from found f
    join deployment_step s
      on s.sha = f.sha
    join delivery_chain k
      on k.chain = s.chain
),
arrived as (
    -- The first that brought it to where the incident was: in its environment, else in its tier.
    select
        w.id,
        w.deployment_ordinal,
        w.deployed_at,
        w.state,
        n.service = w.service as is_own,
        case
            when w.state not in ('deployed', 'delivered', 'no_commit_time', 'negative') then false
            else coalesce(d.started_at, d.deployed_at) <= n.started_at
        end as is_cause,
        row_number() over (
            partition by w.id, w.service, w.environment
            order by
                w.deployed_at nulls last,
                case when w.state = 'deployed' then 1 else 2 end,
                w.deployment_ordinal
        ) as rank
    from way w
    join named n
      on n.id = w.id
    left join told_deployment d
      on d.ordinal = w.deployment_ordinal
    left join delivery_chain own
      on own.service = w.service
     and own.environment = n.environment
    where w.environment = n.environment
       or (own.chain is null and w.tier = n.tier)
),
ranked as (
    -- A change of several services has come with the one that was hit, if it came with that at all.
    select
        *,
        row_number() over (
            partition by id
            order by
                case when is_own then 1 else 2 end,
                case when is_cause then 1 else 2 end,
                deployed_at nulls last,
                deployment_ordinal
        ) as place
    from arrived
    where rank = 1
)
select
    n.id,
    case when r.is_cause then d.id end as deployment,
    case
        when f.id is null then 'commit not known'
        when r.is_cause then null
        when r.state = 'baseline' then 'commit in the first deployment'
        when r.state = 'unplaced' then 'commit in an unknown deployment'
        when r.deployed_at is not null then 'commit deployed later'
        else 'commit not deployed'
    end as unlinked_reason
from named n
left join found f
  on f.id = n.id
left join ranked r
  on r.id = n.id
 and r.place = 1
left join told_deployment d
  on d.ordinal = r.deployment_ordinal
