-- One row is one change of one service on its way into one environment, in narrow columns.
with journey as (
    select
        c.ordinal,
        c.first_commit_at,
        c.merged_at,
        r.route,
        case
            when r.measure = 'place' then c.position
            when r.measure = 'time' then unix_seconds(c.merged_at)
        end as place
    from change_service c
    join delivery_route r
      on r.service = c.service
     and r.repository = c.repository
),
swept as (
    -- The first step that reaches a change's place is the one that delivers it.
    select
        ordinal,
        first_commit_at,
        merged_at,
        route,
        last(arrival ignore nulls) over (
            partition by route
            order by place desc, arrival nulls last
            rows between unbounded preceding and current row
        ) as arrival
    from (
        select
            ordinal,
            first_commit_at,
            merged_at,
            route,
            place,
            cast(null as bigint) as arrival
        from journey
        union all
        select
            null,
            null,
            null,
            route,
            place,
            arrival
        from route_arrival
    ) mixed
),
met as (
    select
        w.ordinal,
        w.route,
        w.first_commit_at,
        w.merged_at,
        r.measure,
        r.timezone,
        a.deployment_ordinal,
        a.link_method,
        a.deployed_at,
        a.local_at,
        a.is_first,
        case
            when w.arrival is not null then a.unplaced_at
            when r.measure = 'place' then r.unplaced_at
        end as unplaced_at,
        d.deployment_ordinal as direct_ordinal,
        d.link_method as direct_method,
        d.deployed_at as directly_at,
        d.local_at as directly_local_at,
        d.is_baseline as is_directly_first
    from swept w
    join delivery_route r
      on r.route = w.route
    left join route_arrival a
      on a.arrival = w.arrival
    left join change_direct d
      on d.ordinal = w.ordinal
     and d.route = w.route
    where w.ordinal is not null
),
linked as (
    -- What is known to hold a change goes before what has only come as far, if it was earlier.
    select
        ordinal,
        route,
        first_commit_at,
        merged_at,
        measure,
        timezone,
        deployment_ordinal,
        link_method,
        deployed_at,
        local_at,
        is_first,
        unplaced_at
    from met
    where direct_ordinal is null
       or deployed_at <= directly_at
    union all
    select
        ordinal,
        route,
        first_commit_at,
        merged_at,
        measure,
        timezone,
        direct_ordinal,
        direct_method,
        directly_at,
        directly_local_at,
        is_directly_first,
        null
    from met
    where directly_at < coalesce(deployed_at, directly_at + interval '1' second)
)
select
    l.ordinal,
    l.route,
    l.deployment_ordinal,
    case
        when l.deployment_ordinal is null and l.measure is null then 'no_deployment'
        when l.unplaced_at >= l.merged_at and not coalesce(l.is_first, false) then 'unplaced'
        when l.deployment_ordinal is null then 'waiting'
        when l.is_first then 'baseline'
        when l.first_commit_at is null then 'no_commit_time'
        when l.first_commit_at > l.deployed_at then 'negative'
        else 'delivered'
    end as state,
    l.link_method,
    l.first_commit_at,
    l.merged_at,
    l.deployed_at,
    coalesce(l.deployed_at, l.merged_at) as happened_at,
    coalesce(
        l.local_at,
        cast(l.merged_at as timestamp) + interval '1' second * case
            when l.merged_at >= z.turns_at then z.turned_seconds
            else z.offset_seconds
        end
    ) as local_at
from linked l
join local_day z
  on z.timezone = l.timezone
 and z.day = cast(l.merged_at as date)
