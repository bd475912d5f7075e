-- One row is one stretch for which a version of a model served an environment; null: none did.
with first_use as (
    -- From its first use on a rule goes before those that stand behind it.
    select
        source,
        model,
        environment,
        rank,
        min(from_at) as used_at
    from model_pointing
    group by source, model, environment, rank
),
turn as (
    -- Times at which what is pointed to may have changed, and what was told then.
    select
        source,
        model,
        environment,
        from_at as at_time,
        id as event,
        url,
        actor,
        occurred_after_at as after_at
    from model_pointing
    union all
    select
        source,
        model,
        environment,
        until_at,
        ended_by,
        ended_url,
        ended_actor,
        until_after_at
    from model_pointing
    where until_at is not null
),
moment as (
    -- Of several things told for one time the one that narrows it down most.
    select
        source,
        model,
        environment,
        at_time,
        newest_of(event, coalesce(after_at, timestamptz '0001-01-01 00:00:00+00'), event) as event,
        newest_of(url, coalesce(after_at, timestamptz '0001-01-01 00:00:00+00'), event) as url,
        newest_of(actor, coalesce(after_at, timestamptz '0001-01-01 00:00:00+00'), event) as actor,
        max(after_at) as after_at
    from turn
    group by source, model, environment, at_time
),
ruling as (
    select
        t.source,
        t.model,
        t.environment,
        t.at_time,
        min(u.rank) as rank
    from moment t
    join first_use u
      on u.source = t.source
     and u.model = t.model
     and u.environment = t.environment
     and u.used_at <= t.at_time
    group by t.source, t.model, t.environment, t.at_time
),
chosen as (
    -- Where several versions hold the stage or tag, the one that got it last serves.
    select
        t.source,
        t.model,
        t.environment,
        t.at_time,
        newest_of(p.version, p.from_at, p.id) as version,
        newest_of(p.rule, p.from_at, p.id) as rule
    from ruling t
    left join model_pointing p
      on p.source = t.source
     and p.model = t.model
     and p.environment = t.environment
     and p.rank = t.rank
     and p.from_at <= t.at_time
     and (p.until_at is null or p.until_at > t.at_time)
    group by t.source, t.model, t.environment, t.at_time
),
followed as (
    select
        *,
        lag(version) over chain as version_before,
        row_number() over chain as turn_number
    from chosen
    window chain as (
        partition by source, model, environment
        order by at_time
    )
),
changed as (
    select *
    from followed
    where turn_number = 1
       or version is distinct from version_before
)
select
    c.source,
    c.model,
    c.environment,
    c.version,
    c.version_before,
    c.rule,
    m.event,
    m.url,
    m.actor,
    m.after_at,
    c.at_time as from_at,
    lead(c.at_time) over (
        partition by c.source, c.model, c.environment
        order by c.at_time
    ) as until_at,
    c.turn_number = 1 and m.after_at is null as is_baseline
from changed c
join moment m
  on m.source = c.source
 and m.model = c.model
 and m.environment = c.environment
 and m.at_time = c.at_time
