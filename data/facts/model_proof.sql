-- One row is one version of a model that ever served, and what is known of how it was made.
with served as (
    select distinct
        source,
        model,
        version
    from model_serving
    where version is not null
),
mark as (
    -- Tags that the registry's rules call a gate or an approval, and when they were first set.
    select
        e.source,
        e.model,
        e.version,
        r.meaning,
        min(e.occurred_before_at) as marked_at,
        arg_min(e.actor, e.occurred_before_at) as actor
    from model_event e
    join registry_rule r
      on r.meaning in ('gate', 'approval')
     and r.kind = e.kind
     and r.name = e.name
     and r.value is not distinct from e.value
     and (
         r.source = e.source
         or (
             r.source is null
             and e.source not in (
                 select source
                 from registry_rule
                 where source is not null
             )
         )
     )
    group by e.source, e.model, e.version, r.meaning
),
gate as (
    -- The first outcome of any gate of a version; a warning is no failure, what was skipped is none.
    select
        model,
        version,
        arg_min(state, (checked_at, id)) as first_state,
        min(checked_at) as first_at,
        min(case when state in ('pass', 'warn') then checked_at end) as passed_at
    from data_check
    where model is not null
      and version is not null
      and kind in ('gate', 'test')
      and state in ('pass', 'warn', 'fail')
    group by model, version
),
known_commit as (
    select
        sha,
        min(authored_at) as authored_at
    from commit
    group by sha
),
edge as (
    select
        to_name as version,
        count(*) as edges
    from lineage_edge
    where to_kind = 'model_version'
      and from_kind = 'dataset'
    group by to_name
),
rule as (
    select
        count(case when meaning = 'gate' then 1 end) > 0 as has_gate_rule,
        count(case when meaning = 'approval' then 1 end) > 0 as has_approval_rule
    from registry_rule
),
fact as (
    select
        s.source,
        s.model,
        s.version,
        v.number,
        v.created_at,
        v.created_by,
        v.run,
        t.id is not null as is_run_known,
        t.finished_at as trained_at,
        t.started_by,
        t.url as run_url,
        c.authored_at as committed_at,
        case
            when v.run is null then false
            when t.id is null then null
            when t.sha is null or t.is_clean = false then false
            when c.sha is null then null
            else true
        end as has_commit,
        case
            when v.run is null then false
            when t.id is null or t.datasets is null then null
            else len(t.datasets) > 0
                and len(list_filter(t.datasets, lambda name: name not like '%@%')) = 0
        end as has_dataset,
        case
            when v.run is null then false
            else t.parameter_count > 0
        end as has_parameters,
        case
            when v.run is null then false
            else t.has_environment
        end as has_environment,
        case
            when v.run is null then false
            else t.result = 'success'
        end as has_finished,
        case
            when v.run is null then false
            when t.image is not null then true
            else t.has_seed
        end as has_seed,
        e.edges,
        g.first_state as first_gate_state,
        g.first_at as first_gate_at,
        least(g.passed_at, mg.marked_at) as gate_passed_at,
        ma.marked_at as approved_at,
        ma.actor as approved_by,
        ru.has_gate_rule,
        ru.has_approval_rule
    from served s
    cross join rule ru
    left join model_version v
      on v.source = s.source
     and v.model = s.model
     and v.version = s.version
    left join training_run t
      on t.id = v.run
    left join known_commit c
      on c.sha = t.sha
    left join edge e
      on e.version = s.model || '@' || s.version
    left join gate g
      on g.model = s.model
     and g.version = s.version
    left join mark mg
      on mg.source = s.source
     and mg.model = s.model
     and mg.version = s.version
     and mg.meaning = 'gate'
    left join mark ma
      on ma.source = s.source
     and ma.model = s.model
     and ma.version = s.version
     and ma.meaning = 'approval'
)
select
    *,
    has_commit and has_dataset and has_parameters and has_environment
        and has_finished and has_seed as is_reproducible,
    case
        when edges > 0 then true
        when run is null then false
        when has_dataset is null then null
        else has_dataset
    end as has_lineage
from fact
