-- More or fewer ways of changes into environments than were followed.
select
    followed.rows as followed,
    kept.rows as kept
from (
    select count(*) as rows
    from change_service c
    join delivery_route r
      on r.service = c.service
     and r.repository = c.repository
) followed
cross join (
    select count(*) as rows
    from change_delivery
) kept
where followed.rows <> kept.rows
