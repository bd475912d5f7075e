-- A promotion, stretch, model day, training run, run or slot that appears more than once.
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
    select 'training ' || id from training_outcome
    union all
    select 'stretch ' || source || ' ' || model || ' ' || environment || ' ' || began_at
    from model_stretch
    union all
    select 'model ' || source || ' ' || model from model_inventory
    union all
    select 'failure ' || source || ' ' || id from model_failure
) rows
group by id
having count(*) > 1
