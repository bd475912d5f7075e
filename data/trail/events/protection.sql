-- One row is one change of the rules of a branch, or of tags, between two readings.
select
    'protection.changed' as kind,
    r.id as key,
    cast(null as varchar) as person,
    r.repository || ' ' || r.target as subject,
    p.observed_at,
    r.changed_before_at as happened_at,
    cast(null as varchar) as actor,
    r.title,
    r.team,
    r.source,
    r.id_before as before,
    r.what_changed as after,
    r.url
from published.rule_change r
join protection p
  on p.id = r.id
where p.observed_at >= $since
