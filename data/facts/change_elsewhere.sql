-- One row is one repository with changes that touch no service: they wait for no deployment.
select
    c.repository,
    count(*) as changes,
    min(c.merged_at) as first_at,
    max(c.merged_at) as last_at
from told_change c
where not exists (
    select 1
    from change_service s
    where s.ordinal = c.ordinal
)
  and not exists (
    select 1
    from change_told_again a
    where a.ordinal = c.ordinal
)
group by c.repository
