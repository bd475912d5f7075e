-- One row is one stretch for which a rule of a registry pointed an environment at a version.
with rule as (
    -- A source that has rules of its own is under no other.
    select
        s.source,
        r.environment,
        r.kind,
        r.name,
        r.value,
        r.rank
    from (
        select distinct source
        from model_event
    ) s
    join registry_rule r
      on r.meaning = 'environment'
     and (
         r.source = s.source
         or (
             r.source is null
             and s.source not in (
                 select source
                 from registry_rule
                 where source is not null
             )
         )
     )
),
matched as (
    select
        e.id,
        e.source,
        e.url,
        e.model,
        e.version,
        r.environment,
        r.kind,
        r.name as rule_name,
        r.rank,
        e.actor,
        e.occurred_after_at,
        e.occurred_before_at,
        case r.kind
            when 'alias' then e.version is not null
            when 'stage' then e.value = r.name
            when 'tag' then e.value is not distinct from r.value
            else e.value is not null
        end as is_pointing,
        -- An alias points to one version at a time; stages and tags are those of each version.
        case when r.kind = 'alias' then '' else coalesce(e.version, '') end as holder
    from model_event e
    join rule r
      on r.source = e.source
     and r.kind = e.kind
     and (e.kind = 'stage' or e.name = r.name)
),
used as (
    -- Of several rules for an environment the first that the registry uses.
    select
        source,
        environment,
        min(rank) as rank
    from matched
    where is_pointing
    group by source, environment
),
stretch as (
    select
        m.*,
        lead(m.occurred_before_at) over (
            partition by m.source, m.model, m.environment, m.holder
            order by m.occurred_before_at, m.id
        ) as until_at
    from matched m
    join used u
      on u.source = m.source
     and u.environment = m.environment
     and u.rank = m.rank
)
select
    id,
    source,
    url,
    model,
    version,
    environment,
    kind || ':' || rule_name as rule,
    actor,
    occurred_after_at,
    occurred_before_at as from_at,
    until_at
from stretch
where is_pointing
