-- One row is one version of a model that ever served, and what is known of how it was made.
with served as (
    select distinct
        source,
        model,
        version
    from model_serving
    where version is not null
),
known_commit as (
    select
        sha,
        min(authored_at) as authored_at
    from commit
    group by sha
),
read_by as (
    select
        id as run,
        coalesce(started_at, finished_at) as read_at,
        each_of(datasets) as dataset
    from training_run
),
first_read as (
    -- Data with a digest is as old as the first run that is known to have read it.
    select
        dataset,
        min(read_at) as seen_at
    from read_by
    where dataset like '%@%'
    group by dataset
),
newest_data as (
    select
        r.run,
        max(f.seen_at) as seen_at
    from read_by r
    join first_read f
      on f.dataset = r.dataset
    group by r.run
),
told_read as (
    -- Data that a run read, as the run tells it or an edge of lineage that names the run.
    select
        run,
        regexp_replace(dataset, '@[^@]*$', '') as dataset,
        dataset like '%@%' as has_digest
    from read_by
    union all
    select
        case when to_kind = 'run' then to_name else run end,
        from_name,
        from_digest is not null
    from lineage_edge
    where from_kind = 'dataset'
      and to_kind in ('run', 'model_version')
),
read_data as (
    select
        run,
        bool_and(has_digest) as is_all_digested
    from (
        select
            run,
            dataset,
            bool_or(has_digest) as has_digest
        from told_read
        where run is not null
        group by run, dataset
    ) told_once
    group by run
),
fact as (
    select
        s.source,
        s.model,
        s.version,
        v.id is not null as is_told,
        v.number,
        v.created_at,
        v.created_by,
        v.run,
        t.id is not null as is_run_known,
        t.finished_at as trained_at,
        t.started_by,
        t.url as run_url,
        c.authored_at as committed_at,
        n.seen_at as data_seen_at,
        case
            when v.id is null then null
            when v.run is null then false
            when t.id is null then null
            when t.sha is null or t.is_clean = false then false
            when c.sha is null or t.is_clean is null then null
            else true
        end as has_commit,
        case
            when v.id is null then null
            when v.run is null then false
            when t.id is null or t.datasets is null then null
            else all_have_digest(t.datasets)
        end as has_dataset,
        case
            when v.id is null then null
            when v.run is null then false
            else t.parameter_count > 0
        end as has_parameters,
        case
            when v.id is null then null
            when v.run is null then false
            else t.has_environment
        end as has_environment,
        case
            when v.id is null then null
            when v.run is null then false
            else t.result = 'success'
        end as has_finished,
        case
            when v.id is null then null
            when v.run is null then false
            when t.image is not null then true
            else t.has_seed
        end as has_seed,
        d.is_all_digested
    from served s
    left join model_version v
      on v.source = s.source
     and v.model = s.model
     and v.version = s.version
    left join training_run t
      on t.id = v.run
    left join known_commit c
      on c.sha = t.sha
    left join newest_data n
      on n.run = v.run
    left join read_data d
      on d.run = v.run
),
traced as (
    -- What the path from data through the run to the version lacks.
    select
        *,
        case
            when not is_told then null
            when run is null then 'run'
            when not is_all_digested then 'digest'
            when is_all_digested is null and has_dataset is not null then 'dataset'
        end as lineage_lacks
    from fact
)
select
    *,
    has_commit and has_dataset and has_parameters and has_environment
        and has_finished and has_seed as is_reproducible,
    case
        when lineage_lacks is not null then false
        when is_told and is_all_digested then true
    end as has_lineage
from traced
