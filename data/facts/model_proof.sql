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
edge as (
    select
        to_name as version,
        count(*) as edges
    from lineage_edge
    where to_kind = 'model_version'
      and from_kind = 'dataset'
      and from_digest is not null
    group by to_name
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
        e.edges
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
    left join edge e
      on e.version = s.model || '@' || s.version
)
select
    *,
    has_commit and has_dataset and has_parameters and has_environment
        and has_finished and has_seed as is_reproducible,
    case
        when edges > 0 then true
        when not is_told then null
        when run is null then false
        when has_dataset is null then null
        else has_dataset
    end as has_lineage
from fact
