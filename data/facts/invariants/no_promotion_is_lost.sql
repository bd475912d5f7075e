-- More or fewer promotions, stretches, training runs or models than were told.
select
    told.serving as told_servings,
    kept.promotions as kept_promotions,
    kept.stretches as kept_stretches,
    told.runs as told_runs,
    kept.runs as kept_runs,
    told.models as told_models,
    kept.models as kept_models
from (
    select
        (
            select count(*)
            from model_serving
            where version is not null
        ) as serving,
        (
            select count(*)
            from training_run
            where coalesce(finished_at, started_at) < timestamptz '9999-01-01 00:00:00+00'
        ) as runs,
        (
            select count(*)
            from (
                select distinct
                    source,
                    name
                from model
            ) models
        ) as models
) told
cross join (
    select
        (select count(*) from model_promotion) as promotions,
        (select count(*) from model_stretch) as stretches,
        (select count(*) from training_outcome) as runs,
        (select count(*) from model_inventory) as models
) kept
where told.serving <> kept.promotions
   or told.serving <> kept.stretches
   or told.runs <> kept.runs
   or told.models <> kept.models
