-- More or fewer deployments than were told, those apart that another stands for.
select
    told.rows as told,
    again.rows as told_again,
    kept.rows as kept
from (
    select count(*) as rows
    from deployment
) told
cross join (
    select count(*) as rows
    from deployment_told_again
) again
cross join (
    select count(*) as rows
    from deployment_outcome
) kept
where told.rows <> again.rows + kept.rows
