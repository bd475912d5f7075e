-- One row is one stretch for which a version of a model served an environment; null: none did.
with turn as (
    -- Times at which what is pointed to may have changed.
    select
        source,
        model,
        environment,
        from_at as at_time
    from model_pointing
    union
    select
        source,
        model,
        environment,
        until_at
    from model_pointing
    where until_at is not null
),
chosen as (
    -- Where several versions hold the stage or tag, the one that got it last serves.
    select
        t.source,
        t.model,
        t.environment,
        t.at_time,
        arg_max(p.version, (p.from_at, p.id)) as version,
        arg_max(p.id, (p.from_at, p.id)) as pointing
    from turn t
    left join model_pointing p
      on p.source = t.source
     and p.model = t.model
     and p.environment = t.environment
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
    c.pointing,
    c.at_time as from_at,
    lead(c.at_time) over (
        partition by c.source, c.model, c.environment
        order by c.at_time
    ) as until_at,
    c.turn_number = 1 as is_first
from changed c
