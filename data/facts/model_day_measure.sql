-- One row is one day (UTC) on which a model served, what its metric was last measured to be, and what it
-- was at training: on the same kind of data, else on the only one there is.
with baseline as (
    -- What the metric was when the version was made: its newest value on the run that made it, for
    -- each kind of data it was measured on.
    select
        v.source,
        v.model,
        v.version,
        split_part(e.dataset, '@', 1) as role,
        newest_of(e.value, e.evaluated_at, e.id) as value,
        count(*) over (partition by v.source, v.model, v.version) as roles
    from model_version v
    join model_setting m
      on m.model = v.model
    join evaluation e
      on e.run = v.run
     and e.metric = m.metric
    where e.value is not null
    group by v.source, v.model, v.version, split_part(e.dataset, '@', 1)
),
told as (
    select
        e.id,
        e.model,
        e.version,
        e.evaluated_at,
        e.value,
        split_part(e.dataset, '@', 1) as role
    from evaluation e
    join model_setting m
      on m.model = e.model
     and m.metric = e.metric
    where e.run is null
      and e.value is not null
),
place as (
    select distinct
        source,
        model,
        environment
    from model_serving
),
moment as (
    -- A value that names no version is of the one that served when it was measured.
    select
        p.source,
        p.model,
        p.environment,
        t.id,
        t.version,
        t.evaluated_at as at_time,
        t.value,
        t.role
    from told t
    join place p
      on p.model = t.model
    union all
    select
        source,
        model,
        environment,
        null,
        version,
        from_at,
        null,
        null
    from model_serving
),
measured as (
    select
        *,
        case
            when version is null then max(case when id is null then at_time end) over (
                partition by source, model, environment
                order by at_time
            )
        end as served_from_at
    from moment
),
held as (
    -- A value holds for the day it was measured on and the six after it.
    select
        m.source,
        m.model,
        m.environment,
        coalesce(m.version, s.version) as version,
        m.id,
        m.at_time,
        m.value,
        m.role,
        each_day(cast(m.at_time as date), cast(m.at_time as date) + interval '6' day) as day
    from measured m
    left join model_serving s
      on s.source = m.source
     and s.model = m.model
     and s.environment = m.environment
     and s.from_at = m.served_from_at
    where m.id is not null
),
newest as (
    select
        d.source,
        d.model,
        d.environment,
        d.day,
        h.value,
        h.role,
        cast(h.at_time as date) as measured_on,
        row_number() over (
            partition by d.source, d.model, d.environment, d.day
            order by h.at_time desc, h.id desc
        ) as newest_first
    from model_served_day d
    join held h
      on h.source = d.source
     and h.model = d.model
     and h.environment = d.environment
     and h.version = d.version
     and h.day = d.day
    where d.is_last
)
select
    d.source,
    d.model,
    d.environment,
    d.day,
    n.value,
    n.measured_on,
    max(b.roles) as roles,
    max(
        case
            when b.roles = 1 or b.role is not distinct from n.role then b.value
        end
    ) as baseline
from model_served_day d
left join newest n
  on n.source = d.source
 and n.model = d.model
 and n.environment = d.environment
 and n.day = d.day
 and n.newest_first = 1
left join baseline b
  on b.source = d.source
 and b.model = d.model
 and b.version = d.version
where d.is_last
group by d.source, d.model, d.environment, d.day, n.value, n.measured_on
