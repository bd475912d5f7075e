-- One row is one step that first brings what stands up to a place on a route.
with arrived as (
    select
        r.route,
        s.ordinal as deployment_ordinal,
        s.position as place,
        s.is_first_placed as is_first,
        s.unplaced_at,
        s.position_method as link_method,
        s.deployed_at,
        s.local_at
    from deployment_step s
    join delivery_route r
      on r.chain = s.chain
     and r.repository = s.repository
     and r.measure = 'place'
    where s.is_advance
    union all
    select
        r.route,
        s.ordinal,
        unix_seconds(s.deployed_at),
        s.is_baseline,
        null,
        'time',
        s.deployed_at,
        s.local_at
    from deployment_step s
    join delivery_route r
      on r.chain = s.chain
     and r.measure = 'time'
    where s.is_first_seen
)
select
    row_number() over (order by route, place, deployment_ordinal) as arrival,
    *
from arrived
