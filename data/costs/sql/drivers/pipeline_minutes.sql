-- One row is what pipelines of one team ran in one month, in minutes: each attempt counts, as it
-- used a machine whatever came of it. What two sources tell counts once. An attempt that still runs is
-- not in it until it has ended.
select
    month,
    team,
    sum(minutes) as amount,
    count(*) as rows,
    count_if(minutes is null and not is_unfinished) as unknown,
    count_if(is_unfinished) as unfinished,
    string_agg(distinct source, ', ' order by source) as sources
from pipeline_attempt
group by month, team
