-- One row is one metric of one version of a model, at training or in production, newest value.
select
    v.source,
    v.model,
    v.version,
    v.number,
    v.created_at,
    e.metric,
    case when e.run is not null then 'training' else 'production' end as measured_in,
    newest_of(e.value, e.evaluated_at, e.id) as value,
    max(e.evaluated_at) as evaluated_at
from model_version v
join evaluation e
  on e.run = v.run
  or (e.run is null and e.model = v.model and e.version = v.version)
group by
    v.source,
    v.model,
    v.version,
    v.number,
    v.created_at,
    e.metric,
    case when e.run is not null then 'training' else 'production' end
