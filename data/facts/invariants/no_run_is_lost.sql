-- More or fewer runs of pipelines than were told, each by its last attempt, but for the end of time.
select
    told.runs as told_runs,
    kept.runs as kept_runs
from (
    select count(*) as runs
    from (
        select distinct
            source,
            repository,
            pipeline,
            run
        from pipeline_run
    ) runs
) told
cross join (
    select count(*) as runs
    from pipeline_outcome
) kept
cross join (
    select count(*) as runs
    from pipeline_run
    where greatest(created_at, started_at, finished_at) >= timestamptz '9999-01-01 00:00:00+00'
) endless
where told.runs <> kept.runs
  and endless.runs = 0
