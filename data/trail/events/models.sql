-- One row is one thing that happened to a model or to a version of it.
select
    'model.' || case e.kind
        when 'alias' then 'alias_set'
        when 'stage' then 'stage_set'
        when 'tag' then 'tag_set'
        when 'serving' then 'served'
        else e.kind
    end as kind,
    e.id as key,
    cast(null as varchar) as person,
    e.model || coalesce('@' || e.version, '') as subject,
    e.observed_at,
    e.occurred_before_at as happened_at,
    e.actor,
    e.model || coalesce(' ' || e.version, '') || coalesce(': ' || e.name, '') as title,
    o.team,
    e.source,
    e.previous as before,
    coalesce(e.value, e.version) as after,
    e.url
from model_event e
left join published.owned_model o
  on o.model = e.model
where e.observed_at >= $since
