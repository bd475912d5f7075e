-- One row is one metric of one version of a model, at training or in production, on data of one
-- role (`validation` of `validation@digest`; null where none is told), newest value.
with measured as (
    select
        v.source,
        v.model,
        v.version,
        v.number,
        v.created_at,
        e.metric,
        split_part(e.dataset, '@', 1) as role,
        'training' as measured_in,
        e.value,
        e.evaluated_at,
        e.id
    from model_version v
    join evaluation e
      on e.run = v.run
    union all
    select
        v.source,
        v.model,
        v.version,
        v.number,
        v.created_at,
        e.metric,
        split_part(e.dataset, '@', 1) as role,
        'production',
        e.value,
        e.evaluated_at,
        e.id
    from model_version v
    join evaluation e
      on e.model = v.model
     and e.version = v.version
    where e.run is null
)
select
    source,
    model,
    version,
    number,
    created_at,
    metric,
    measured_in,
    role,
    newest_of(value, evaluated_at, id) as value,
    max(evaluated_at) as evaluated_at
from measured
group by
    source,
    model,
    version,
    number,
    created_at,
    metric,
    measured_in,
    role
