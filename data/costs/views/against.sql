-- One row is one thing that a check found otherwise than it must be, or could not know.
select * exclude ("check")
from cost_check_row
where "check" = $check
  and state <> 'holds'
order by state, currency, account
limit 1000
