-- One row is one version of a model that ever served, and what is known of how it was made.
with served as (
    select distinct
        source,
        model,
        version
    from model_serving
    where version is not null
),
rule as (
    -- A source that has rules of its own is under no other.
    select
        s.source,
        r.meaning,
        r.name,
        r.value
    from (
        select distinct source
        from served
    ) s
    join registry_rule r
      on r.meaning in ('gate', 'approval')
     and (
         r.source = s.source
         or (
             r.source is null
             and s.source not in (
                 select source
                 from registry_rule
                 where source is not null
             )
         )
     )
),
ruled as (
    select
        source,
        bool_or(meaning = 'gate') as has_gate_rule,
        bool_or(meaning = 'approval') as has_approval_rule
    from rule
    group by source
),
mark as (
    -- Tags that the registry's rules call a gate or an approval: when they were set to stay.
    select
        source,
        model,
        version,
        meaning,
        arg_max(occurred_before_at, (occurred_before_at, id)) as marked_at,
        arg_max(actor, (occurred_before_at, id)) as actor,
        arg_max(is_set, (occurred_before_at, id)) as is_set
    from (
        select
            e.id,
            e.source,
            e.model,
            e.version,
            r.meaning,
            e.occurred_before_at,
            e.actor,
            e.value is not distinct from r.value as is_set
        from model_event e
        join rule r
          on r.source = e.source
         and r.name = e.name
        where e.kind = 'tag'
    ) told
    group by source, model, version, meaning
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
            else len(t.datasets) > 0
                and len(list_filter(t.datasets, lambda name: name not like '%@%')) = 0
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
        e.edges,
        g.first_gate_state,
        g.first_gate_at,
        case
            when mg.is_set then greatest(mg.marked_at, g.gate_passed_at)
            when g.gate_failed_at > g.gate_passed_at then null
            else g.gate_passed_at
        end as gate_passed_at,
        case when ma.is_set then ma.marked_at end as approved_at,
        case when ma.is_set then ma.actor end as approved_by,
        coalesce(ru.has_gate_rule, false) as has_gate_rule,
        coalesce(ru.has_approval_rule, false) as has_approval_rule
    from served s
    left join ruled ru
      on ru.source = s.source
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
    left join model_gate g
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
        when not is_told then null
        when run is null then false
        when has_dataset is null then null
        else has_dataset
    end as has_lineage
from fact
