-- One row is one day (UTC) on which a version of a model served, however short; the one that served
-- last stands for the day.
with served as (
    select
        s.source,
        s.model,
        s.environment,
        s.version,
        s.from_at,
        least(coalesce(s.until_at, k.until_at), k.until_at) as until_at
    from model_serving s
    join registry_known k
      on k.source = s.source
    where s.version is not null
)
select
    source,
    model,
    environment,
    version,
    day,
    row_number() over (partition by source, model, environment, day order by from_at desc) = 1 as is_last
from (
    select
        source,
        model,
        environment,
        version,
        from_at,
        each_day(
            cast(from_at as date),
            cast(until_at - interval '1' microsecond as date)
        ) as day
    from served
    where until_at > from_at
) days
