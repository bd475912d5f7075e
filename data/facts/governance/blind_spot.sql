-- One row is one kind of evidence that a source refuses, of one repository or of all that it has.
select
    g.id || '/' || o.entity as id,
    g.source,
    r.name as repository,
    w.team,
    o.entity,
    g.stream,
    case
        when g.reason = 'unavailable' then 'no_data'
        else 'no_permission'
    end as reason,
    g.id like '%/switched_off%' as is_switched_off,
    g.what,
    g.fix,
    g.since_at as from_at,
    g.until_at,
    g.observed_at as seen_at
from gap g
join offered_entity o
  on o.source = g.source
 and o.kind = split_part(g.stream, ':', 1)
left join repository r
  on r.source = g.source
 and (
    (g.about is null and r.host_id = split_part(g.stream, ':', 2))
    or starts_with(g.about, r.id || '#')
 )
left join repository_owner w
  on w.repository = r.name
where g.reason in ('no_permission', 'not_found', 'unavailable')
  -- What is about single rows is no blind spot; what is about all of a kind in a repository is.
  and (
    g.about is null
    or o.entity = substr(g.about, length(r.id) + 2)
    or ends_with(o.entity, '_' || substr(g.about, length(r.id) + 2))
  )
  and o.entity <> 'gap'
