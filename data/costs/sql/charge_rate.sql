-- One row is a currency and a day of charges, and the rate by which they are told in the currency
-- of sums: the last one on or before the day that is asked for, and no more than 7 days older.
-- `month_end` asks for the last day of the charge's month, `charge_day` for the day of the charge; of
-- days after the last one that is known, for that one. A rate is null where there is none.
with charged as (
    select distinct
        BillingCurrency as currency,
        cast(ChargePeriodStart as date) as day
    from charge
),
named as (
    select coalesce(
        cast($currency as varchar),
        case when count(distinct currency) = 1 then min(currency) end
    ) as quote
    from charged
),
asked as (
    select
        c.currency,
        c.day,
        n.quote,
        least(
            case when $rate_of = 'charge_day' then c.day else last_day(c.day) end,
            cast($known as date)
        ) as asked_day
    from charged c
    cross join named n
)
select
    a.currency,
    a.day,
    a.quote as reporting_currency,
    a.asked_day,
    case
        when a.currency = a.quote then 1
        when a.asked_day - r.day <= 7 then r.rate
    end as rate,
    case when a.asked_day - r.day <= 7 then r.day end as rate_day,
    case when a.asked_day - r.day <= 7 then r.source end as rate_source
from asked a
asof left join rate r
  on r.base = a.currency
 and r.quote = a.quote
 and r.day <= a.asked_day
order by a.currency, a.day
