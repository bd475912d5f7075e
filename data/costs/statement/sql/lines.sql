-- One row is what one team has (null: nobody) of one service of one account, in one bucket and one
-- billing month; what corrects an earlier month is told apart from the rest, by that month. What comes to
-- nothing, or is not known, is no line.
select
    cast(date_trunc('month', billing_month) as date) as period,
    case
        when is_correction and date_trunc('month', day) < date_trunc('month', billing_month)
        then cast(date_trunc('month', day) as date)
    end as origin,
    team,
    currency,
    provider,
    account,
    service,
    bucket,
    sum(billed_cost) as billed
from charge_day
where billing_month < cast($until as date)
group by all
having sum(billed_cost) <> 0
