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
    g.what,
    g.fix,
    g.since_at as from_at,
    g.until_at,
    g.observed_at as seen_at
from gap g
join offer o
  on o.source = g.source
 and o.kind = split_part(g.stream, ':', 1)
left join repository r
  on r.source = g.source
 and r.host_id = split_part(g.stream, ':', 2)
left join repository_owner w
  on w.repository = r.name
where g.reason in ('no_permission', 'not_found', 'unavailable')
  and g.about is null
  and o.entity <> 'gap'
