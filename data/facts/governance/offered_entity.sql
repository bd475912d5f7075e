-- One row is one kind of evidence that one kind of stream of one source tells of.
with narrower as (
    -- Hosts may show one kind of finding, or of rights, and refuse another.
    select
        'security_finding' as entity,
        'secret_findings' as kind,
        'secret_finding' as narrow
    union all
    select 'security_finding', 'dependency_findings', 'dependency_finding'
    union all
    select 'security_finding', 'code_findings', 'code_finding'
    union all
    select 'member_access', 'access', 'organisation_access'
    union all
    select 'member_access', 'repository_access', 'repository_access'
    union all
    select 'member_access', 'teams', 'team_access'
)
select
    source,
    kind,
    entity
from offer
union
-- A stream with another name tells all kinds of an entity at once.
select
    o.source,
    o.kind,
    n.narrow
from offer o
join narrower n
  on n.entity = o.entity
where n.kind = o.kind
   or o.kind not in (select kind from narrower)
