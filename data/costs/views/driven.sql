-- One row is what one team used of one driver in one month, and how much of it the sources cannot say.
select
    month,
    team,
    amount,
    unknown,
    unfinished,
    sources
from cost_driver
where driver = $driver
  and month = cast($of_month as date)
order by amount desc, team
