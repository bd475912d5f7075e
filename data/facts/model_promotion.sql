-- One row is one version of a model that came to serve an environment, and what became of it.
with ruled as (
    select
        source,
        bool_or(meaning = 'gate') as has_gate_rule,
        bool_or(meaning = 'approval') as has_approval_rule
    from registry_ruling
    group by source
),
step as (
    -- Steps to a version; a time without any lies between two of them.
    select
        s.*,
        row_number() over chain as place,
        lag(s.version) over chain as served_before,
        lag(s.until_at) over chain as served_before_until_at,
        lead(s.from_at) over chain as next_at,
        row_number() over (
            partition by s.source, s.model, s.environment, s.version
            order by s.from_at
        ) as turn,
        p.number
    from model_serving s
    left join model_proof p
      on p.source = s.source
     and p.model = s.model
     and p.version = s.version
    where s.version is not null
    window chain as (
        partition by s.source, s.model, s.environment
        order by s.from_at
    )
),
returned as (
    -- A rollback brings back what served before one that is no earlier version, and that served
    -- within the thirty days before.
    select
        s.*,
        s.turn > 1
            and s.served_before <> s.version
            and s.served_before_until_at >= s.from_at - interval '30' day
            and (s.number is null or b.number is null or s.number < b.number) as is_rollback
    from step s
    left join model_proof b
      on b.source = s.source
     and b.model = s.model
     and b.version = s.served_before
),
judged as (
    select
        *,
        coalesce(
            lead(is_rollback) over chain and next_at <= from_at + interval '7' day,
            false
        ) as is_rolled_back
    from returned
    window chain as (
        partition by source, model, environment
        order by from_at
    )
),
trouble as (
    -- The first sign of failure within seven days, while the version served.
    select
        j.source,
        j.model,
        j.environment,
        j.place,
        oldest_of(t.kind, t.started_at, t.id) as kind,
        oldest_of(t.url, t.started_at, t.id) as url,
        min(t.started_at) as started_at
    from judged j
    join model_trouble t
      on t.model = j.model
     and t.started_at >= j.from_at
     and t.started_at < j.from_at + interval '7' day
     and (j.until_at is null or t.started_at < j.until_at)
    join environment_tier e
      on e.environment = j.environment
    left join environment_tier h
      on h.environment = t.environment
    where e.tier = 'production'
      and coalesce(h.tier, 'production') = 'production'
    group by j.source, j.model, j.environment, j.place
),
told as (
    select
        j.event || '@' || j.environment as id,
        j.source,
        coalesce(j.url, o.url) as url,
        j.model || ' ' || j.version as title,
        j.model,
        j.version,
        j.served_before as version_before,
        j.environment,
        e.tier,
        o.team,
        j.rule,
        j.actor,
        j.after_at as promoted_after_at,
        j.from_at as promoted_at,
        j.from_at as happened_at,
        cast(j.from_at as timestamp) + interval '1' second * c.offset_seconds as local_at,
        unix_seconds(j.from_at) - unix_seconds(j.after_at) as uncertainty_seconds,
        unix_seconds(j.from_at) - unix_seconds(j.after_at) > 86400 as is_uncertain,
        j.until_at as served_until_at,
        j.is_baseline,
        j.is_rollback,
        case
            when j.is_baseline then 'baseline'
            when j.is_rollback then 'rollback'
        end as excluded,
        k.until_at >= j.from_at + interval '7' day as is_complete,
        exists (
            select 1
            from model_trouble_watch w
            where w.model = j.model
              and w.from_at <= j.from_at
              and w.until_at >= j.from_at + interval '7' day
        ) as is_watched,
        j.is_rolled_back or t.kind is not null as is_failed,
        case
            when j.is_rolled_back then 'rollback'
            else t.kind
        end as failure_reason,
        t.url as failure_url,
        p.run,
        p.run_url,
        p.trained_at,
        p.committed_at,
        case
            when not p.is_told then 'version_not_read'
            when p.run is null then 'no_run'
            when not p.is_run_known then 'run_not_read'
            when p.trained_at is null then 'no_end'
            when p.trained_at > j.from_at then 'negative'
            else 'known'
        end as lead_state,
        case
            when p.trained_at <= j.from_at then unix_seconds(j.from_at) - unix_seconds(p.trained_at)
        end as lead_seconds,
        case
            when p.committed_at <= j.from_at then unix_seconds(j.from_at) - unix_seconds(p.committed_at)
        end as commit_lead_seconds,
        case
            when p.data_seen_at <= j.from_at then unix_seconds(j.from_at) - unix_seconds(p.data_seen_at)
        end as data_lead_seconds,
        p.has_commit,
        p.has_dataset,
        p.has_parameters,
        p.has_environment,
        p.has_finished,
        p.has_seed,
        p.is_reproducible,
        p.has_lineage,
        p.lineage_lacks,
        f.first_gate_state,
        f.first_gate_at,
        g.given_at as gate_passed_at,
        a.given_at as approved_at,
        a.given_by as approved_by,
        coalesce(p.created_by, p.started_by) as author,
        case
            when g.meaning is not null then g.is_given
            when r.has_gate_rule then false
        end as is_gated,
        case
            when a.meaning is not null then a.is_given
            when r.has_approval_rule then false
        end as is_approved,
        case
            when a.given_by in (p.created_by, p.started_by) then false
            when a.given_by is not null and coalesce(p.created_by, p.started_by) is not null then true
        end as is_segregated
    from judged j
    join environment_tier e
      on e.environment = j.environment
    join owned_model o
      on o.model = j.model
    join local_clock c
      on c.timezone = o.timezone
     and j.from_at >= c.from_at
     and j.from_at < c.until_at
    join registry_known k
      on k.source = j.source
    left join model_proof p
      on p.source = j.source
     and p.model = j.model
     and p.version = j.version
    left join trouble t
      on t.source = j.source
     and t.model = j.model
     and t.environment = j.environment
     and t.place = j.place
    left join model_gate f
      on f.model = j.model
     and f.version = j.version
    left join promotion_clearance g
      on g.source = j.source
     and g.model = j.model
     and g.environment = j.environment
     and g.from_at = j.from_at
     and g.meaning = 'gate'
    left join promotion_clearance a
      on a.source = j.source
     and a.model = j.model
     and a.environment = j.environment
     and a.from_at = j.from_at
     and a.meaning = 'approval'
    left join ruled r
      on r.source = j.source
)
select
    *,
    nullif(concat_ws(', ',
        case when not has_commit then 'commit' end,
        case when not has_dataset then 'dataset' end,
        case when not has_parameters then 'parameters' end,
        case when not has_environment then 'packages' end,
        case when not has_finished then 'finished' end,
        case when not has_seed then 'seed' end
    ), '') as proof_lacks,
    nullif(concat_ws(', ',
        case when has_commit is null then 'commit' end,
        case when has_dataset is null then 'dataset' end,
        case when has_parameters is null then 'parameters' end,
        case when has_environment is null then 'packages' end,
        case when has_finished is null then 'finished' end,
        case when has_seed is null then 'seed' end
    ), '') as proof_not_told,
    nullif(concat_ws(', ',
        case when not is_gated then 'gate' end,
        case when not is_approved then 'approval' end,
        case when not is_segregated then 'separation of duties' end
    ), '') as gate_lacks,
    nullif(concat_ws(', ',
        case when is_gated is null then 'gate' end,
        case when is_approved is null then 'approval' end,
        case when is_segregated is null then 'separation of duties' end
    ), '') as gate_not_told
from told
