-- One row is one part of a day's cost: that of one team, provider, activity, subject and
-- initiative: effective cost, in the currency of reporting. It is null where one of its charges
-- lacks its rate or its effective cost: then no part of it is told. What is excluded is nobody's cost.
with owned as (
    select
        c.*,
        case when c.team is not null then coalesce(t.team, 'unowned') end as owner
    from charge_day c
    left join team t
      on t.team = c.team
    where c.bucket <> 'excluded'
)
select
    day,
    coalesce(provider, '(not told)') as provider,
    owner as team,
    activity,
    subject,
    initiative,
    max(reporting_currency) as currency,
    sum(rows) as rows,
    case when count(*) = count(reporting_effective) then sum(reporting_effective) end as cost,
    count(*) = count(reporting_effective) as has_rates
from owned
group by
    day,
    provider,
    owner,
    activity,
    subject,
    initiative
