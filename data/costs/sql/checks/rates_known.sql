-- One row is one currency in one month of charges: whether it can be told in the currency of sums on
-- each of its days. Where a rate is missing, no sum in that currency is shown.
select
    currency,
    cast(date_trunc('month', day) as date) as month,
    case
        when bool_or(rate is null)
            then 'no rate from ' || currency || ' to ' || reporting_currency || ' for '
                || strftime(min(day) filter (where rate is null), '%Y-%m-%d')
    end as note,
    case when bool_or(rate is null) then 'unknown' else 'holds' end as state
from charge_rate
where reporting_currency is not null
group by currency, reporting_currency, date_trunc('month', day)
