-- One row is what one team has of the cost of one day, of one provider, activity, subject and
-- initiative: effective cost, in the currency of reporting. It is null where the rate of one of its
-- charges is missing: then no part of it is told. What is excluded is nobody's cost.
with priced as (
    select
        c.*,
        case when o.currencies = 1 then c.effective_cost end as reporting_effective,
        case when o.currencies = 1 then c.currency end as reporting_currency
    from charge_day c
    cross join (
        select count(distinct currency) as currencies
        from charge_day
    ) o
)
select
    p.day,
    p.provider,
    case when p.team is not null then coalesce(t.team, 'unowned') end as team,
    p.activity,
    p.subject,
    p.initiative,
    max(p.reporting_currency) as currency,
    sum(p.rows) as rows,
    case
        when count(p.effective_cost) = count(p.reporting_effective) then sum(p.reporting_effective)
    end as cost,
    count(p.effective_cost) = count(p.reporting_effective) as has_rates
from priced p
left join team t
  on t.team = p.team
where p.bucket <> 'excluded'
group by
    p.day,
    p.provider,
    case when p.team is not null then coalesce(t.team, 'unowned') end,
    p.activity,
    p.subject,
    p.initiative
