-- One row is one change that landed, or one push past all requests.
select
    'change.merged' as kind,
    c.id as key,
    cast(null as varchar) as person,
    c.id as subject,
    k.observed_at,
    c.merged_at as happened_at,
    c.merged_by as actor,
    c.title,
    c.team,
    c.source,
    cast(null as varchar) as before,
    c.landed_sha as after,
    c.url
from published.merged_change c
join change k
  on k.id = c.id
where k.observed_at >= $since
union all
select
    'change.pushed',
    c.id,
    null,
    c.id,
    k.observed_at,
    c.merged_at,
    c.author,
    c.title,
    c.team,
    c.source,
    null,
    c.landed_sha,
    c.url
from published.merged_change c
join commit k
  on k.source = c.source
 and k.repository = c.repository
 and k.sha = c.landed_sha
where c.is_direct
  and c.number is null
  and k.observed_at >= $since
  and not exists (
    select 1
    from change h
    where h.id = c.id
)
