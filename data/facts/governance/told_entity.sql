-- One row is one kind of evidence that a source tells of, and when it was last read.
select
    o.source,
    o.entity,
    min(s.complete_from) as from_at,
    min(coalesce(s.complete_until, s.read_at)) as until_at,
    max(s.read_at) as read_at
from offered_entity o
left join stream s
  on s.source = o.source
 and split_part(s.stream, ':', 1) = o.kind
group by o.source, o.entity
