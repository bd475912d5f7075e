-- One row is one thing in the lineage: a dataset, a pipeline, a version of a model, what uses it.
with named as (
    select
        from_kind as kind,
        from_name as name,
        bool_or(is_current) as is_current
    from lineage_link
    where from_kind is not null
    group by from_kind, from_name
    union all
    select
        to_kind,
        to_name,
        bool_or(is_current)
    from lineage_link
    where to_kind is not null
    group by to_kind, to_name
    union all
    select
        'dataset',
        dataset,
        true
    from dataset_node
),
node as (
    select
        kind,
        name,
        case
            when kind = 'model_version' then regexp_replace(name, '@[^@]*$', '')
            else name
        end as thing,
        case when kind = 'model_version' then regexp_replace(name, '^.*@', '') end as version,
        bool_or(is_current) as is_current
    from named
    group by kind, name
),
place as (
    -- Where a version serves now.
    select
        model || '@' || version as name,
        min(environment) as environment,
        bool_or(tier = 'production') as is_production
    from model_stretch
    where ended_at is null
    group by model, version
)
select
    n.kind,
    n.name,
    n.thing,
    n.version,
    coalesce(d.team, p.team, m.team, s.team) as team,
    coalesce(d.url, p.url, m.url) as url,
    d.is_source,
    case when w.is_production then 'production' else w.environment end as environment,
    n.is_current
from node n
left join dataset_node d
  on n.kind = 'dataset'
 and d.dataset = n.name
left join owned_pipeline p
  on n.kind = 'pipeline'
 and p.pipeline = n.name
left join owned_model m
  on n.kind = 'model_version'
 and m.model = n.thing
left join service_owner s
  on n.kind = 'service'
 and s.service = n.name
left join place w
  on n.kind = 'model_version'
 and w.name = n.name
