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
begun as (
    -- Where several versions hold the stage or tag, the one that got it last serves.
    select
        r.source,
        r.model,
        r.environment,
        r.at_time,
        newest_of(p.version, p.from_at, p.id) as version,
        newest_of(p.rule, p.from_at, p.id) as rule
    from ruling r
    join model_pointing p
      on p.source = r.source
     and p.model = r.model
     and p.environment = r.environment
     and p.rank = r.rank
     and p.from_at = r.at_time
    where p.until_at is null
       or p.until_at > r.at_time
    group by r.source, r.model, r.environment, r.at_time
),
numbered as (
    -- Times at which nothing began are numbered: what served before may serve again.
    select
        r.source,
        r.model,
        r.environment,
        r.at_time,
        r.rank,
        b.at_time is null as is_end,
        sum(case when b.at_time is null then 1 else 0 end) over (
            partition by r.source, r.model, r.environment
            order by r.at_time
        ) as ends,
        sum(case when b.at_time is null then 1 else 0 end) over (
            partition by r.source, r.model, r.environment
        ) as all_ends
    from ruling r
    left join begun b
      on b.source = r.source
     and b.model = r.model
     and b.environment = r.environment
     and b.at_time = r.at_time
),
still as (
    -- The numbered times within each stretch for which a rule points at a version.
    select
        p.source,
        p.model,
        p.environment,
        p.rank,
        p.id,
        p.version,
        p.rule,
        p.from_at,
        each_number(
            cast(case when f.is_end then f.ends else f.ends + 1 end as bigint),
            cast(
                case
                    when u.at_time is null then f.all_ends + 1
                    when u.is_end then u.ends
                    else u.ends + 1
                end as bigint
            )
        ) as ends
    from model_pointing p
    join numbered f
      on f.source = p.source
     and f.model = p.model
     and f.environment = p.environment
     and f.at_time = p.from_at
    left join numbered u
      on u.source = p.source
     and u.model = p.model
     and u.environment = p.environment
     and u.at_time = p.until_at
),
resumed as (
    select
        n.source,
        n.model,
        n.environment,
        n.at_time,
        newest_of(s.version, s.from_at, s.id) as version,
        newest_of(s.rule, s.from_at, s.id) as rule
    from numbered n
    left join still s
      on s.source = n.source
     and s.model = n.model
     and s.environment = n.environment
     and s.rank = n.rank
     and s.ends = n.ends
    where n.is_end
    group by n.source, n.model, n.environment, n.at_time
),
chosen as (
    select *
    from begun
    union all
    select *
    from resumed
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
