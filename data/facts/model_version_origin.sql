-- One row is one version of a model, and what is told of how it was made.
with standing as (
    select
        source,
        model,
        version,
        string_agg(environment, ', ' order by environment) as serves,
        bool_or(tier = 'production') as is_in_production
    from model_stretch
    where ended_at is null
    group by source, model, version
)
select
    v.source,
    v.url,
    v.model,
    v.version,
    v.number,
    v.created_at,
    v.status,
    v.gone_before_at is not null as is_gone,
    s.serves,
    coalesce(s.is_in_production, false) as is_in_production,
    v.run,
    t.id is not null as is_run_known,
    t.url as run_url,
    t.result as run_result,
    t.finished_at as trained_at,
    t.repository,
    t.sha,
    t.is_clean,
    t.datasets,
    t.parameter_count,
    t.has_seed,
    t.has_environment,
    t.image,
    g.first_gate_state
from model_version v
left join training_run t
  on t.id = v.run
left join standing s
  on s.source = v.source
 and s.model = v.model
 and s.version = v.version
left join model_gate g
  on g.model = v.model
 and g.version = v.version
