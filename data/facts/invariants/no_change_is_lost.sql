-- More or fewer changes than were told, those apart that another stands for or that touch no service.
select
    told.rows as told,
    again.rows as told_again,
    elsewhere.rows as elsewhere,
    kept.rows as kept
from (
    select count(*) as rows
    from told_change
) told
cross join (
    select count(*) as rows
    from change_told_again
) again
cross join (
    select coalesce(sum(changes), 0) as rows
    from change_elsewhere
) elsewhere
cross join (
    select count(distinct ordinal) as rows
    from change_arrival
) kept
where told.rows <> again.rows + elsewhere.rows + kept.rows
