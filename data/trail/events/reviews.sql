-- One row is one review of a change that landed, or one that was taken back.
select
    'change.reviewed' as kind,
    v.id as key,
    cast(null as varchar) as person,
    v.change as subject,
    r.observed_at,
    v.submitted_at as happened_at,
    v.account as actor,
    c.title,
    c.team,
    v.source,
    cast(null as varchar) as before,
    v.state || coalesce(' at ' || v.sha, '') as after,
    coalesce(v.url, c.url) as url
from published.change_review v
join review r
  on r.id = v.id
join published.merged_change c
  on c.id = v.change
where r.observed_at >= $since
union all
select
    'review.dismissed',
    v.id,
    null,
    v.change,
    r.observed_at,
    v.dismissed_at,
    null,
    c.title,
    c.team,
    v.source,
    v.state,
    'dismissed',
    coalesce(v.url, c.url)
from published.change_review v
join review r
  on r.id = v.id
join published.merged_change c
  on c.id = v.change
where v.dismissed_at is not null
  and r.observed_at >= $since
