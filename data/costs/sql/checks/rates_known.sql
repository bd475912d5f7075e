-- One row is one currency and the day whose rate its charges ask for: whether the rate is there.
select
    currency,
    cast(date_trunc('month', asked_day) as date) as month,
    case
        when reporting_currency is null then 'the currency of sums is not named: `[cost] currency`'
        when rate is null
        then 'no rate in ' || reporting_currency || ' on ' || asked_day || ', nor in the 7 days before'
    end as note,
    case when rate is null then 'unknown' else 'holds' end as state
from charge_rate
group by currency, reporting_currency, asked_day, rate
