-- One row is one stretch for which a rule of a registry pointed an environment at a version.
with event as (
    -- What was read has happened by then, whatever the clock of the registry says.
    select
        e.id,
        e.source,
        e.url,
        e.model,
        e.version,
        e.kind,
        e.name,
        e.value,
        e.actor,
        least(e.occurred_before_at, greatest(k.until_at, k.read_at)) as occurred_before_at,
        case
            when e.occurred_after_at < greatest(k.until_at, k.read_at) then e.occurred_after_at
        end as occurred_after_at
    from model_event e
    join registry_known k
      on k.source = e.source
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
    from event e
    join registry_ruling r
      on r.source = e.source
     and r.meaning = 'environment'
     and r.kind = e.kind
     and (e.kind = 'stage' or e.name = r.name)
),
deleted as (
    -- What is deleted serves no more, whatever was last said of its tags.
    select
        m.id,
        min(d.occurred_before_at) as deleted_at,
        oldest_of(d.id, d.occurred_before_at, d.id) as deleted_by,
        oldest_of(d.occurred_after_at, d.occurred_before_at, d.id) as deleted_after_at
    from matched m
    join event d
      on d.kind = 'deleted'
     and d.source = m.source
     and d.model = m.model
     and (d.version is null or d.version = m.version)
     and d.occurred_before_at >= m.occurred_before_at
    where m.is_pointing
    group by m.id
),
followed as (
    select
        m.*,
        lead(m.id) over chain as next_id,
        lead(m.url) over chain as next_url,
        lead(m.actor) over chain as next_actor,
        lead(m.occurred_after_at) over chain as next_after_at,
        lead(m.occurred_before_at) over chain as next_at
    from matched m
    window chain as (
        partition by m.source, m.model, m.environment, m.rank, m.holder
        order by m.occurred_before_at, m.id
    )
)
select
    f.id,
    f.source,
    f.url,
    f.model,
    f.version,
    f.environment,
    f.rank,
    f.kind || ':' || f.rule_name as rule,
    f.actor,
    f.occurred_after_at,
    f.occurred_before_at as from_at,
    case
        when f.next_at is null or d.deleted_at < f.next_at then d.deleted_at
        else f.next_at
    end as until_at,
    case
        when f.next_at is null or d.deleted_at < f.next_at then d.deleted_by
        else f.next_id
    end as ended_by,
    case
        when f.next_at is null or d.deleted_at < f.next_at then d.deleted_after_at
        else f.next_after_at
    end as until_after_at,
    case when d.deleted_at < f.next_at then null else f.next_url end as ended_url,
    case when d.deleted_at < f.next_at then null else f.next_actor end as ended_actor
from followed f
left join deleted d
  on d.id = f.id
where f.is_pointing
