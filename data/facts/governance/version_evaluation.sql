-- One row is one value that a version of a model was measured with, and whether on held-out data.
with measured as (
    select
        v.source,
        v.model,
        v.version,
        e.id,
        e.url,
        v.run,
        e.metric,
        e.value,
        e.dataset,
        e.evaluated_at
    from model_version v
    join evaluation e
      on e.run = v.run
    union all
    select
        v.source,
        v.model,
        v.version,
        e.id,
        e.url,
        v.run,
        e.metric,
        e.value,
        e.dataset,
        e.evaluated_at
    from model_version v
    join evaluation e
      on e.model = v.model
     and e.version = v.version
    where e.run is null
),
data_read as (
    -- What each run read, all of it: what it was trained on and what it was tried on.
    select
        run,
        regexp_replace(dataset, '@[^@]*$', '') as name,
        case when dataset like '%@%' then nullif(regexp_replace(dataset, '^.*@', ''), '') end as digest
    from (
        select
            id as run,
            each_of(datasets) as dataset
        from training_run
    ) told
),
compared as (
    select
        m.id,
        m.source,
        m.model,
        m.version,
        count(d.run) as told,
        count(case when d.digest is null then 1 end) as without_digest,
        count(case when d.digest <> m.digest then 1 end) as of_other_content,
        count(case when d.digest = m.digest and d.name <> m.name then 1 end) as of_other_name
    from (
        select
            *,
            regexp_replace(dataset, '@[^@]*$', '') as name,
            case when dataset like '%@%' then nullif(regexp_replace(dataset, '^.*@', ''), '') end
                as digest
        from measured
    ) m
    left join data_read d
      on d.run = m.run
    group by m.id, m.source, m.model, m.version
)
select
    m.id || '@' || m.version as id,
    m.source,
    m.url,
    m.model,
    m.version,
    m.run,
    m.metric,
    m.value,
    m.dataset,
    split_part(m.dataset, '@', 1) as role,
    m.evaluated_at,
    case
        when m.dataset is null or m.dataset not like '%@%' or c.told = 0 then null
        when c.of_other_name > 0 then false
        when c.of_other_content > 0 then true
        when c.without_digest > 0 then null
        else false
    end as is_held_out
from measured m
join compared c
  on c.id = m.id
 and c.source = m.source
 and c.model = m.model
 and c.version = m.version
