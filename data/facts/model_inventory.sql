-- One row is one model in one registry as it is known now: what serves, and what is known of it.
with told as (
    select
        source,
        name as model,
        max(url) as url,
        max(owner) as owner,
        max(risk_class) as risk_class,
        max(description) as description,
        bool_or(coalesce(is_archived, false)) as is_archived,
        bool_or(gone_before_at is not null) as is_gone
    from model
    group by source, name
),
versions as (
    select
        source,
        model,
        count(*) as version_count,
        arg_max(version, (created_at, number)) as newest_version
    from model_version
    where gone_before_at is null
    group by source, model
),
now_serving as (
    -- Of several environments of the tier the one that changed last.
    select
        source,
        model,
        arg_max(environment, began_at) as environment,
        arg_max(version, began_at) as version,
        arg_max(began_after_at, began_at) as promoted_after_at,
        max(began_at) as promoted_at,
        arg_max(is_rollback, began_at) as is_rollback,
        arg_max(rule, began_at) as rule
    from model_stretch
    where tier = 'production'
      and ended_at is null
    group by source, model
),
card as (
    select
        model,
        max(title) as title,
        max(url) as url,
        max(risk_class) as risk_class,
        max(owner) as owner
    from model_card
    group by model
),
watched as (
    select
        source,
        model,
        max(case when is_monitored then happened_at end) as monitored_at,
        arg_max(case when is_monitored then is_drifted end, happened_at) as is_drifted,
        arg_max(is_held, happened_at) as is_held,
        arg_max(performance_state, happened_at) as performance_state
    from model_day
    where tier = 'production'
    group by source, model
),
firing as (
    select
        model,
        count(*) as open_alerts
    from model_trouble
    where kind = 'alert'
      and resolved_at is null
    group by model
),
contrary as (
    -- A stage that means production is held by another version than the one that serves by alias.
    select
        source,
        model,
        count(distinct version) as staged
    from (
        select
            source,
            model,
            version,
            arg_max(value, (occurred_before_at, id)) as stage
        from model_event
        where kind = 'stage'
        group by source, model, version
    ) stages
    where stage = 'Production'
    group by source, model
),
held as (
    select
        s.source,
        s.model,
        count(*) as held
    from now_serving s
    join (
        select
            source,
            model,
            version,
            arg_max(value, (occurred_before_at, id)) as stage
        from model_event
        where kind = 'stage'
        group by source, model, version
    ) g
      on g.source = s.source
     and g.model = s.model
     and g.version = s.version
    where g.stage = 'Production'
    group by s.source, s.model
),
known as (
    select max(coalesce(complete_until, read_at)) as until_at
    from stream
)
select
    t.source,
    t.model,
    coalesce(t.url, o.url) as url,
    o.team,
    o.pattern,
    coalesce(t.owner, c.owner) as owner,
    coalesce(s.risk_class, t.risk_class, c.risk_class) as risk_class,
    t.description,
    t.is_archived,
    t.is_gone,
    coalesce(v.version_count, 0) as version_count,
    v.newest_version,
    n.environment,
    n.version,
    n.promoted_after_at,
    n.promoted_at,
    n.is_rollback,
    n.rule,
    p.trained_at,
    unix_seconds(k.until_at) - unix_seconds(p.trained_at) as age_seconds,
    s.retrain_seconds,
    unix_seconds(k.until_at) - unix_seconds(p.trained_at) <= s.retrain_seconds as is_fresh,
    p.first_gate_state,
    p.gate_passed_at,
    p.approved_at,
    p.is_reproducible,
    p.has_lineage,
    p.run_url,
    c.model is not null as has_card,
    c.url as card_url,
    w.monitored_at,
    w.is_drifted,
    w.performance_state,
    w.is_held,
    coalesce(f.open_alerts, 0) as open_alerts,
    n.rule not like 'stage:%' and coalesce(x.staged, 0) > 0 and coalesce(h.held, 0) = 0 as is_contrary
from told t
cross join known k
join owned_model o
  on o.model = t.model
join model_setting s
  on s.model = t.model
left join versions v
  on v.source = t.source
 and v.model = t.model
left join now_serving n
  on n.source = t.source
 and n.model = t.model
left join model_proof p
  on p.source = t.source
 and p.model = t.model
 and p.version = n.version
left join card c
  on c.model = t.model
left join watched w
  on w.source = t.source
 and w.model = t.model
left join firing f
  on f.model = t.model
left join contrary x
  on x.source = t.source
 and x.model = t.model
left join held h
  on h.source = t.source
 and h.model = t.model
