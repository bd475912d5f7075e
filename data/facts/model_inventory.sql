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
        newest_of(version, created_at, number) as newest_version
    from model_version
    where gone_before_at is null
    group by source, model
),
now_serving as (
    -- Of several environments of the tier the one that changed last.
    select
        *,
        row_number() over (
            partition by source, model
            order by began_at desc, environment
        ) as newest_first
    from model_stretch
    where tier = 'production'
      and ended_at is null
),
approval as (
    select
        source,
        model,
        version,
        told_at,
        is_given,
        row_number() over (
            partition by source, model, version
            order by told_at desc, id desc
        ) as newest_first
    from model_signal
    where meaning = 'approval'
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
day as (
    select
        source,
        model,
        is_held,
        performance_state,
        row_number() over (
            partition by source, model
            order by happened_at desc, environment
        ) as newest_first
    from model_day
    where tier = 'production'
),
monitored as (
    select
        source,
        model,
        max(happened_at) as monitored_at,
        newest_of(is_drifted, happened_at, environment) as is_drifted
    from model_day
    where tier = 'production'
      and is_monitored
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
stage as (
    select
        source,
        model,
        version,
        value,
        row_number() over (
            partition by source, model, version
            order by occurred_before_at desc, id desc
        ) as newest_first
    from model_event
    where kind = 'stage'
),
staged as (
    -- Whether a stage that means production is held, and whether by what serves.
    select
        s.source,
        s.model,
        coalesce(bool_or(s.version = n.version), false) as is_agreed
    from stage s
    join registry_ruling r
      on r.source = s.source
     and r.meaning = 'environment'
     and r.kind = 'stage'
     and r.name = s.value
    join environment_tier e
      on e.environment = r.environment
     and e.tier = 'production'
    left join now_serving n
      on n.source = s.source
     and n.model = s.model
     and n.newest_first = 1
    where s.newest_first = 1
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
    n.began_after_at as promoted_after_at,
    n.began_at as promoted_at,
    n.is_rollback,
    n.rule,
    p.trained_at,
    unix_seconds(k.until_at) - unix_seconds(p.trained_at) as age_seconds,
    s.retrain_seconds,
    unix_seconds(k.until_at) - unix_seconds(p.trained_at) <= s.retrain_seconds as is_fresh,
    g.first_gate_state,
    case when g.gate_failed_at > g.gate_passed_at then null else g.gate_passed_at end as gate_passed_at,
    case when a.is_given then a.told_at end as approved_at,
    p.is_reproducible,
    p.has_lineage,
    p.run_url,
    c.model is not null as has_card,
    c.url as card_url,
    w.monitored_at,
    w.is_drifted,
    d.performance_state,
    d.is_held,
    coalesce(f.open_alerts, 0) as open_alerts,
    n.rule not like 'stage:%' and x.model is not null and not x.is_agreed as is_contrary
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
 and n.newest_first = 1
left join model_proof p
  on p.source = t.source
 and p.model = t.model
 and p.version = n.version
left join card c
  on c.model = t.model
left join model_gate g
  on g.model = t.model
 and g.version = n.version
left join approval a
  on a.source = t.source
 and a.model = t.model
 and a.version = n.version
 and a.newest_first = 1
left join day d
  on d.source = t.source
 and d.model = t.model
 and d.newest_first = 1
left join monitored w
  on w.source = t.source
 and w.model = t.model
left join firing f
  on f.model = t.model
left join staged x
  on x.source = t.source
 and x.model = t.model
