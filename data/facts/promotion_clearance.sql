-- One row is one gate or approval of a version that came to serve: whether it was given before.
with signal as (
    -- The last told before the promotion can have been counts; what lies between its two times
    -- may have been before it or after.
    select
        s.source,
        s.model,
        s.environment,
        s.from_at,
        g.meaning,
        g.told_at,
        g.is_given,
        g.actor,
        case
            when g.told_at <= s.after_at then 'before'
            when g.told_at > s.from_at and g.told_after_at >= s.from_at then 'after'
            else 'between'
        end as place,
        row_number() over (
            partition by s.source, s.model, s.environment, s.from_at, g.meaning
            order by g.told_at <= s.after_at desc, g.told_at desc, g.id desc
        ) as newest_first
    from model_serving s
    join model_signal g
      on g.source = s.source
     and g.model = s.model
     and g.version = s.version
),
told as (
    select
        source,
        model,
        environment,
        from_at,
        meaning,
        coalesce(bool_or(newest_first = 1 and place = 'before' and is_given), false) as is_standing,
        bool_or(place = 'between' and is_given) as is_maybe_given,
        bool_or(place = 'between' and not is_given) as is_maybe_taken,
        max(case when place <> 'after' and is_given then told_at end) as given_at,
        max(case when newest_first = 1 and place = 'before' and is_given then actor end) as given_by
    from signal
    group by source, model, environment, from_at, meaning
)
select
    source,
    model,
    environment,
    from_at,
    meaning,
    given_at,
    given_by,
    case
        when is_standing and not is_maybe_taken then true
        when not is_standing and not is_maybe_given then false
    end as is_given
from told
