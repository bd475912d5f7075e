-- One row is what one part of the costs that are ours (a bucket, team, service, category, provider or
-- activity) had in one billing month: in the currency that is asked for, or in that of reporting; null
-- where a rate is missing, or the bill does not tell this cost. What nobody has is a part of teams
-- too, under the name of its bucket.
with charged as (
    select
        billing_month,
        case $by
            when 'bucket' then bucket
            when 'team' then team
            when 'service' then service
            when 'category' then category
            when 'provider' then provider
            when 'activity' then activity
        end as part,
        case when $by = 'team' and team is null then bucket end as nobody,
        $reporting and rate is null as is_lacking,
        case when $cost = 'billed' then billed_cost else effective_cost end is null as is_untold,
        case
            when $reporting and $cost = 'billed' then reporting_billed
            when $reporting then reporting_effective
            when $cost = 'billed' then billed_cost
            else effective_cost
        end as amount
    from charge_day
    where bucket <> 'excluded'
      and ($cost = 'effective' or not is_estimate)
      and ($currency is null or currency = $currency)
      and ($source is null or source = $source)
      and ($team is null or list_contains(cast($team as varchar[]), team))
)
select
    billing_month,
    part,
    nobody,
    cast(count_if(is_lacking) as bigint) as lacking,
    cast(count_if(is_untold) as bigint) as untold,
    case when count(amount) = count(*) then sum(amount) end as amount
from charged
group by all
order by billing_month, part, nobody
