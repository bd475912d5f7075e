-- One row is how many attempts pipelines of one team began in one month. What two sources tell counts
-- once.
select
    month,
    team,
    count(*) as amount,
    count(*) as rows,
    0 as unknown,
    0 as unfinished,
    string_agg(distinct source, ', ' order by source) as sources
from pipeline_attempt
group by month, team
