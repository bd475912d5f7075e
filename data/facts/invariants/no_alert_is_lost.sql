-- More or fewer alerts, measured days or checks of data than were told, but for the end of time.
select
    told.alerts as told_alerts,
    kept.alerts as kept_alerts,
    told.days as told_days,
    kept.days as kept_days,
    told.checks as told_checks,
    kept.checks as kept_checks
from (
    select
        (
            select count(*)
            from alert
            where started_at < timestamptz '9999-01-01 00:00:00+00'
        ) as alerts,
        (
            select count(*)
            from indicator
            where greatest(from_at, until_at) < timestamptz '9999-01-01 00:00:00+00'
        ) as days,
        (
            select count(*)
            from data_check
            where kind <> 'drift'
              and checked_at < timestamptz '9999-01-01 00:00:00+00'
              and (dataset is not null or model is null)
        ) as checks
) told
cross join (
    select
        (select count(*) from alert_outcome) as alerts,
        (select count(*) from indicator_day) as days,
        (select count(*) from data_check_outcome) as checks
) kept
where told.alerts <> kept.alerts
   or told.days <> kept.days
   or told.checks <> kept.checks
