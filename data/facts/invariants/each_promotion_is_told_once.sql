-- A promotion, model day, run or slot that appears more than once.
select
    id,
    count(*)
from (
    select 'promotion ' || id as id from model_promotion
    union all
    select 'day ' || id from model_day
    union all
    select 'run ' || source || ' ' || id from pipeline_outcome
    union all
    select 'slot ' || id from pipeline_slot
    union all
    select 'gate ' || id from model_gate
    union all
    select 'failure ' || source || ' ' || id from model_failure
) rows
group by id
having count(*) > 1
