-- One row is one day (UTC) on which something happened in a zone: its clock, and when it turned.
with happened as (
    select distinct
        k.timezone,
        cast(d.deployed_at as date) as day
    from deployment d
    join delivery_chain k
      on k.service = d.service
     and k.environment = d.environment
    union
    select
        o.timezone,
        c.day
    from (
        select distinct timezone
        from owned_service
    ) o
    cross join (
        select distinct cast(merged_at as date) as day
        from told_change
    ) c
)
select
    h.timezone,
    h.day,
    max(case when z.from_at <= h.day then z.offset_seconds end) as offset_seconds,
    max(case when z.from_at > h.day then z.from_at end) as turns_at,
    max(case when z.from_at > h.day then z.offset_seconds end) as turned_seconds
from happened h
join local_clock z
  on z.timezone = h.timezone
 and z.from_at < h.day + interval '1' day
 and z.until_at > h.day
group by h.timezone, h.day
