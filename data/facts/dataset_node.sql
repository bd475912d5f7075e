-- One row is one dataset as it is known now, and whether anything says where it comes from.
with upstream as (
    select
        to_name as dataset,
        count(*) as edges
    from lineage_edge
    where to_kind = 'dataset'
      and (from_kind <> 'dataset' or from_name <> to_name)
    group by to_name
),
declared as (
    select
        name as dataset,
        bool_or(is_source) as is_source,
        max(owner) as owner,
        max(description) as description
    from dataset
    group by name
),
known as (
    select max(coalesce(complete_until, read_at)) as until_at
    from stream
)
select
    'dataset:' || o.dataset as id,
    o.url,
    o.dataset as title,
    o.dataset,
    o.team,
    d.owner,
    d.description,
    d.is_source,
    coalesce(u.edges, 0) as upstream_count,
    coalesce(d.is_source, false) or coalesce(u.edges, 0) > 0 as is_traced,
    k.until_at - interval '1' second as happened_at,
    cast(k.until_at as timestamp) + interval '1' second * (c.offset_seconds - 1) as local_at,
    cast(null as varchar) as environment,
    k.until_at - interval '1' second as first_at,
    cast(k.until_at as timestamp) + interval '1' second * (c.offset_seconds - 1) as first_local_at,
    k.until_at,
    cast(k.until_at as timestamp) + interval '1' second * c.offset_seconds as until_local_at
from owned_dataset o
cross join known k
join local_clock c
  on c.timezone = o.timezone
 and k.until_at >= c.from_at
 and k.until_at < c.until_at
left join upstream u
  on u.dataset = o.dataset
left join declared d
  on d.dataset = o.dataset
where o.dataset <> '(not told)'
