-- One row is one currency in one month of charges: whether it can be told in the currency of sums on
-- each of its days, and else on which days a rate is missing, and for charges of which days. Where one
-- is missing, no sum in that currency is shown.
with told as (
    select
        currency,
        reporting_currency,
        cast(date_trunc('month', day) as date) as month,
        count_if(rate is null) as lacking,
        min(day) filter (where rate is null) as first_day,
        max(day) filter (where rate is null) as last_day,
        count(distinct asked_day) filter (where rate is null) as asked,
        min(asked_day) filter (where rate is null) as first_asked,
        max(asked_day) filter (where rate is null) as last_asked
    from charge_rate
    where reporting_currency is not null
    group by all
)
select
    currency,
    month,
    case
        when lacking > 0 then
            'no rate of ' || currency || ' in ' || reporting_currency || ' on '
            || case when asked > 1 then asked || ' days from ' else '' end
            || first_asked
            || case when asked > 1 then ' to ' || last_asked else '' end
            || ', nor in the 7 days before, for charges of '
            || case when lacking > 1 then lacking || ' days from ' else '' end
            || first_day
            || case when lacking > 1 then ' to ' || last_day else '' end
    end as note,
    case when lacking > 0 then 'unknown' else 'holds' end as state
from told
