-- One row is one version of a model that came to serve an environment, and what became of it.
with known as (
    -- Until when each registry is known.
    select
        source,
        max(coalesce(complete_until, read_at)) as until_at
    from stream
    where (source, stream) in (
        select
            source,
            stream
        from model_event
    )
    group by source
),
watch as (
    -- Until when signs of failure are known: alerts about models, and incidents of services.
    select
        o.model,
        greatest(
            max(a.until_at),
            max(case when m.service is not null then i.until_at end)
        ) as until_at
    from owned_model o
    join model_setting m
      on m.model = o.model
    left join (
        select max(coalesce(s.complete_until, s.read_at)) as until_at
        from alert a
        join stream s
          on s.source = a.source
         and s.stream = a.stream
        where a.model is not null
    ) a
      on true
    left join (
        select max(coalesce(s.complete_until, s.read_at)) as until_at
        from incident i
        join stream s
          on s.source = i.source
         and s.stream = i.stream
    ) i
      on true
    group by o.model
),
step as (
    -- Steps to a version; a time without any lies between two of them.
    select
        s.*,
        row_number() over chain as place,
        lag(s.version) over chain as served_before,
        lag(s.until_at) over chain as served_before_until_at,
        lead(s.from_at) over chain as next_at,
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
    -- Steps that bring back what served before one that is no earlier version, and that served within
    -- the thirty days before.
    select distinct
        s.source,
        s.model,
        s.environment,
        s.place
    from step s
    join step o
      on o.source = s.source
     and o.model = s.model
     and o.environment = s.environment
     and o.version = s.version
     and o.place < s.place
    left join model_proof b
      on b.source = s.source
     and b.model = s.model
     and b.version = s.served_before
    where s.served_before <> s.version
      and s.served_before_until_at >= s.from_at - interval '30' day
      and (
          s.number is null
          or b.number is null
          or s.number < b.number
      )
),
judged as (
    select
        s.*,
        r.place is not null as is_rollback,
        n.place is not null and s.next_at <= s.from_at + interval '7' day as is_rolled_back
    from step s
    left join returned r
      on r.source = s.source
     and r.model = s.model
     and r.environment = s.environment
     and r.place = s.place
    left join returned n
      on n.source = s.source
     and n.model = s.model
     and n.environment = s.environment
     and n.place = s.place + 1
),
trouble as (
    -- The first sign of failure within seven days, while the version served.
    select
        j.source,
        j.model,
        j.environment,
        j.place,
        arg_min(t.kind, (t.started_at, t.id)) as kind,
        arg_min(t.url, (t.started_at, t.id)) as url,
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
)
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
    j.until_at as served_until_at,
    j.is_baseline,
    j.is_rollback,
    case
        when j.is_baseline then 'baseline'
        when j.is_rollback then 'rollback'
    end as excluded,
    k.until_at >= j.from_at + interval '7' day as is_complete,
    coalesce(w.until_at >= j.from_at + interval '7' day, false) as is_watched,
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
        when p.is_told is null then 'version_not_read'
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
    p.has_commit,
    p.has_dataset,
    p.has_parameters,
    p.has_environment,
    p.has_finished,
    p.has_seed,
    p.is_reproducible,
    p.has_lineage,
    p.first_gate_state,
    p.first_gate_at,
    p.gate_passed_at,
    p.approved_at,
    p.approved_by,
    coalesce(p.created_by, p.started_by) as author,
    case
        when p.gate_passed_at <= coalesce(j.after_at, j.from_at) then true
        when p.gate_passed_at <= j.from_at then null
        when p.gate_passed_at is not null or p.has_gate_rule or p.first_gate_state is not null then false
    end as is_gated,
    case
        when p.approved_at <= coalesce(j.after_at, j.from_at) then true
        when p.approved_at <= j.from_at then null
        when p.has_approval_rule then false
    end as is_approved,
    case
        when p.approved_by is not null and coalesce(p.created_by, p.started_by) is not null
            then p.approved_by <> coalesce(p.created_by, p.started_by)
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
join known k
  on k.source = j.source
join watch w
  on w.model = j.model
left join model_proof p
  on p.source = j.source
 and p.model = j.model
 and p.version = j.version
left join trouble t
  on t.source = j.source
 and t.model = j.model
 and t.environment = j.environment
 and t.place = j.place
