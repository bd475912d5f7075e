-- A version of a pipeline, or a day of an objective, that appears more than once.
select
    id,
    count(*)
from (
    select 'version ' || id as id from pipeline_change
    union all
    select 'day ' || id from objective_burn
) rows
group by id
having count(*) > 1
