-- One row is what one team used of one driver in one month.
select
    month,
    team,
    amount
from cost_driver
where driver = $driver
  and month = cast($of_month as date)
order by amount desc, team
