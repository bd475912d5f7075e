-- One row is one version of what defines a pipeline, and how its first run ended.
with run as (
    -- In the order in which runs began: a long one of the version before may end later.
    select
        *,
        row_number() over (
            partition by source, pipeline, definition
            order by coalesce(started_at, happened_at), id
        ) as place,
        lag(definition) over chain as definition_before,
        lag(result) over chain as result_before
    from pipeline_outcome
    where excluded is null
      and definition is not null
    window chain as (
        partition by source, pipeline
        order by coalesce(started_at, happened_at), id
    )
)
select
    source || ':' || pipeline || '@' || definition as id,
    source,
    url,
    title,
    pipeline,
    team,
    kind,
    definition,
    definition_before,
    run,
    result_before,
    result,
    started_at,
    finished_at,
    happened_at,
    local_at,
    -- How its first version did at first is not known: it may have run before anything was read.
    case when definition_before is null then 'baseline' end as excluded,
    -- Of one that follows a failure neither end is counted: to count only its success would make
    -- changes look better than they are.
    case
        when definition_before is null or result_before <> 'success' then null
        else result <> 'success'
    end as is_failed
from run
where place = 1
