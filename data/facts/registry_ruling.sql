-- One row is one rule that holds in one registry: one with rules of its own is under no other.
select
    k.source,
    r.meaning,
    r.environment,
    r.kind,
    r.name,
    r.value,
    r.rank
from registry_known k
join registry_rule r
  on r.source = k.source
  or (
      r.source is null
      and k.source not in (
          select source
          from registry_rule
          where source is not null
      )
  )
