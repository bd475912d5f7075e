-- One row is one unbroken time for which any version of a model served production.
with stretch as (
    select
        *,
        max(coalesce(ended_at, timestamptz '9999-12-31 00:00:00+00')) over (
            partition by source, model
            order by began_at, environment, version
            rows between unbounded preceding and 1 preceding
        ) as served_until_at
    from model_stretch
    where tier = 'production'
),
turned as (
    -- Turns are numbered: each begins where nothing served before.
    select
        *,
        sum(case when served_until_at is null or began_at > served_until_at then 1 else 0 end) over (
            partition by source, model
            order by began_at, environment, version
        ) as turn,
        row_number() over (
            partition by source, model
            order by began_at desc, environment desc, version desc
        ) as newest_first
    from stretch
),
served as (
    select
        source,
        model,
        turn,
        min(began_at) as began_at,
        max(case when served_until_at is null or began_at > served_until_at then began_after_at end)
            as began_after_at,
        case when count(*) = count(ended_at) then max(ended_at) end as ended_at,
        max(case when is_rollback then began_at end) as returned_at,
        min(newest_first) as newest_first
    from turned
    group by source, model, turn
),
registered as (
    -- The same name in two registries is the same model: the one that serves it goes first.
    select
        model,
        max(url) as url,
        max(owner) as owner,
        max(risk_class) as risk_class,
        max(nullif(trim(description), '')) as description
    from model_inventory
    group by model
),
card as (
    select
        model,
        max(owner) as owner,
        max(risk_class) as risk_class
    from model_card
    group by model
)
select
    s.source || ':' || s.model || case when s.turn > 1 then '#' || s.turn else '' end as id,
    s.source,
    coalesce(i.url, r.url) as url,
    s.model as title,
    o.team,
    s.model,
    t.environment,
    t.version,
    t.version_before,
    b.version is not null and b.gone_before_at is null as is_before_kept,
    s.returned_at,
    coalesce(i.owner, r.owner, c.owner) as owner,
    coalesce(m.risk_class, i.risk_class, r.risk_class, c.risk_class) as risk_class,
    coalesce(nullif(trim(i.description), ''), r.description) as description,
    m.service,
    r.model is not null as is_registered,
    c.model is not null as has_card,
    s.began_after_at,
    s.began_at,
    s.ended_at
from served s
join turned t
  on t.source = s.source
 and t.model = s.model
 and t.newest_first = s.newest_first
join owned_model o
  on o.model = s.model
left join model_setting m
  on m.model = s.model
left join model_inventory i
  on i.source = s.source
 and i.model = s.model
left join registered r
  on r.model = s.model
left join card c
  on c.model = s.model
left join model_version b
  on b.source = s.source
 and b.model = s.model
 and b.version = t.version_before
