-- One row is one tag that was set: a version was published, or an image.
select
    'artifact.published' as kind,
    t.id as key,
    cast(null as varchar) as person,
    t.id as subject,
    v.observed_at,
    t.tagged_at as happened_at,
    cast(null as varchar) as actor,
    t.title,
    t.team,
    t.source,
    cast(null as varchar) as before,
    t.sha as after,
    t.url
from published.release_tag t
join version v
  on v.id = t.id
where v.observed_at >= $since
union all
select
    'artifact.tagged',
    a.id,
    null,
    a.repository || ':' || a.tag,
    a.observed_at,
    a.occurred_before_at,
    null,
    a.repository || ':' || a.tag,
    null,
    a.source,
    a.previous,
    coalesce(a.digest, 'gone'),
    a.url
from artifact_tag a
where a.observed_at >= $since
