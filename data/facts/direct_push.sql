-- One row is one mainline commit that no change of its host brought, as far back as they are read.
with known as (
    -- Where changes of a repository are told, and since when.
    select
        r.source,
        r.name as repository,
        s.complete_from
    from repository r
    join stream s
      on s.source = r.source
     and s.stream = 'changes:' || r.host_id
),
claimed as (
    -- By another source only a request is: one that tells none knows of no push either.
    select
        repository,
        landed_sha as sha,
        case when number is null then source end as source
    from change
    union
    select
        repository,
        sha,
        null
    from change_commit
)
select
    m.ordinal,
    m.id,
    m.source,
    m.url,
    m.repository,
    m.sha,
    m.position,
    m.subject,
    m.authored_at,
    m.committed_at,
    m.reverts_sha,
    m.services
from numbered_commit m
join known k
  on k.source = m.source
 and k.repository = m.repository
where m.is_mainline
  and m.change is null
  and m.committed_at >= coalesce(k.complete_from, m.committed_at)
  and not exists (
    select 1
    from claimed c
    where c.repository = m.repository
      and c.sha = m.sha
      and coalesce(c.source, m.source) = m.source
)
