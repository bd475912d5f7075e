-- One row is one stretch for which a version of a model served production, and how it was made.
with stretch as (
    select
        *,
        row_number() over (
            partition by source, model, version, environment
            order by began_at
        ) as turn
    from model_stretch
    where tier = 'production'
),
class as (
    select
        model,
        max(risk_class) as risk_class
    from production_model
    group by model
)
select
    s.source || ':' || s.model || '@' || s.version || '/' || s.environment
        || case when s.turn > 1 then '#' || s.turn else '' end as id,
    s.source,
    coalesce(v.url, s.url, o.url) as url,
    s.model || ' ' || s.version as title,
    o.team,
    s.model,
    s.version,
    s.environment,
    c.risk_class,
    coalesce(p.is_told, false) as is_told,
    v.run,
    t.id is not null as is_run_known,
    t.url as run_url,
    t.started_at as training_began_at,
    t.finished_at as trained_at,
    t.repository as code,
    t.sha,
    t.is_clean,
    t.image,
    p.has_commit,
    p.has_environment,
    p.has_lineage,
    p.lineage_lacks,
    s.began_after_at,
    s.began_at,
    s.ended_at
from stretch s
join owned_model o
  on o.model = s.model
left join class c
  on c.model = s.model
left join model_proof p
  on p.source = s.source
 and p.model = s.model
 and p.version = s.version
left join model_version v
  on v.source = s.source
 and v.model = s.model
 and v.version = s.version
left join training_run t
  on t.id = v.run
