-- One row is one attempt of one run of a pipeline that ended.
select
    'pipelinerun.finished' as kind,
    r.id as key,
    cast(null as varchar) as person,
    r.id as subject,
    r.observed_at,
    r.finished_at as happened_at,
    r.triggered_by as actor,
    pipeline_name(r.repository, r.pipeline) || ' ' || r.run as title,
    o.team,
    r.source,
    cast(null as varchar) as before,
    r.result as after,
    r.url
from pipeline_run r
left join published.owned_pipeline o
  on o.pipeline = pipeline_name(r.repository, r.pipeline)
where r.finished_at is not null
  and r.observed_at >= $since
