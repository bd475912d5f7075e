-- One row is one repository with changes that touch no service: they wait for no deployment.
select
    c.repository,
    count(*) as changes,
    min(c.merged_at) as first_at,
    max(c.merged_at) as last_at
from told_change c
left join change_told_again a
  on a.ordinal = c.ordinal
left join (
    select distinct ordinal
    from change_service
) s
  on s.ordinal = c.ordinal
where a.ordinal is null
  and s.ordinal is null
group by c.repository
