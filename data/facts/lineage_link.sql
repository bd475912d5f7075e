-- One row is one thing that is made from another, or an end beyond which no source tells anything.
with run_read as (
    -- What a training run read, as its own row tells it: `name@digest`.
    select
        id,
        source,
        url,
        started_at,
        unnest(datasets) as dataset
    from training_run
),
told as (
    select
        source,
        url,
        from_kind,
        from_name,
        to_kind,
        to_name,
        from_digest,
        run,
        seen_at
    from lineage_edge
    where from_kind <> 'run'
      and to_kind <> 'run'
      and (from_kind <> to_kind or from_name <> to_name)
    union all
    -- A run between data and a version is no thing of its own: it is how the version was made.
    select
        r.source,
        r.url,
        r.from_kind,
        r.from_name,
        m.to_kind,
        m.to_name,
        r.from_digest,
        r.to_name,
        r.seen_at
    from lineage_edge r
    join lineage_edge m
      on m.from_kind = 'run'
     and m.from_name = r.to_name
     and m.to_kind = 'model_version'
    where r.to_kind = 'run'
      and r.from_kind <> 'run'
    union all
    select
        r.source,
        r.url,
        'dataset',
        regexp_replace(r.dataset, '@[^@]*$', ''),
        'model_version',
        v.model || '@' || v.version,
        case when r.dataset like '%@%' then regexp_replace(r.dataset, '^.*@', '') end,
        r.id,
        r.started_at
    from run_read r
    join model_version v
      on v.run = r.id
),
serving as (
    -- The versions that serve now; of a model that serves nowhere, the newest.
    select
        i.source,
        i.model,
        i.url,
        coalesce(s.version, i.newest_version) as version,
        coalesce(s.is_production, false) as is_production
    from model_inventory i
    left join (
        select
            source,
            model,
            version,
            bool_or(tier = 'production') as is_production
        from model_stretch
        where ended_at is null
        group by source, model, version
    ) s
      on s.source = i.source
     and s.model = i.model
    where coalesce(s.version, i.newest_version) is not null
),
linked as (
    -- Told more than once, it is the telling that knows most and is newest.
    select
        source,
        url,
        from_kind,
        from_name,
        to_kind,
        to_name,
        from_digest,
        run,
        seen_at,
        'source' as told_by
    from (
        select
            *,
            row_number() over (
                partition by from_kind, from_name, to_kind, to_name
                order by from_digest is null, seen_at desc nulls last, source, url
            ) as telling
        from told
    ) tellings
    where telling = 1
    union all
    -- The service that the configuration names, where no source does.
    select
        min(s.source),
        max(s.url),
        'model_version',
        s.model || '@' || s.version,
        'service',
        m.service,
        null,
        null,
        null,
        'configuration'
    from serving s
    join model_setting m
      on m.model = s.model
    where m.service is not null
      and s.is_production
      and s.model || '@' || s.version not in (
          select from_name
          from told
          where from_kind = 'model_version'
            and to_kind = 'service'
      )
    group by s.model, s.version, m.service
),
open_end as (
    select
        cast(null as varchar) as source,
        url,
        cast(null as varchar) as from_kind,
        cast(null as varchar) as from_name,
        'dataset' as to_kind,
        dataset as to_name,
        'where it comes from' as untold
    from dataset_node
    where not is_traced
    union all
    select
        min(source),
        max(url),
        null,
        null,
        'model_version',
        model || '@' || version,
        'what it was trained on'
    from serving
    where model || '@' || version not in (
        select to_name
        from linked
        where to_kind = 'model_version'
    )
    group by model, version
    union all
    select
        min(source),
        max(url),
        'model_version',
        model || '@' || version,
        null,
        null,
        'which service uses it'
    from serving
    where is_production
      and model || '@' || version not in (
          select from_name
          from linked
          where from_kind = 'model_version'
            and to_kind = 'service'
      )
    group by model, version
),
ended as (
    select
        l.*,
        cast(null as varchar) as untold
    from linked l
    union all
    select
        o.source,
        o.url,
        o.from_kind,
        o.from_name,
        o.to_kind,
        o.to_name,
        null,
        null,
        null,
        null,
        o.untold
    from open_end o
)
select
    e.source,
    e.url,
    e.from_kind,
    e.from_name,
    e.to_kind,
    e.to_name,
    e.from_digest,
    e.run,
    t.url as run_url,
    e.seen_at,
    e.told_by,
    e.untold,
    (coalesce(e.from_kind, '') <> 'model_version' or e.from_name in (
        select model || '@' || version
        from serving
    ))
    and (coalesce(e.to_kind, '') <> 'model_version' or e.to_name in (
        select model || '@' || version
        from serving
    )) as is_current
from ended e
left join training_run t
  on t.id = e.run
