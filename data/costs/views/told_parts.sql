-- One row is one part of the costs that are ours (a team, service, category, provider or activity),
-- in the month that is asked for, in the one before and in that of a year before; of all months if none
-- is asked for. Where the month still runs, `alike` is what its first days had, and the months before
-- are cut to as many. Null: nothing of it was billed then, or rates are missing, which `lacking` counts, or
-- the bill does not tell this cost, which `untold` counts. `rows` counts parts of charges; `charges` counts
-- charges, each once: null where the parts of one can lie apart.
with charged as (
    select
        case $by
            when 'team' then team
            when 'service' then service
            when 'category' then category
            when 'provider' then provider
            when 'activity' then activity
            when 'bucket' then bucket
        end as part,
        case when $by = 'team' and team is null then bucket end as nobody,
        $month is null or billing_month = cast($month as date) as is_now,
        billing_month = cast($month as date) - interval 1 month as is_before,
        billing_month = cast($month as date) - interval 1 year as is_year_before,
        $first_days is null
            or date_diff('day', billing_month, day) < $first_days
            or ($month is null and billing_month < cast($newest as date)) as is_alike,
        $reporting and rate is null as is_lacking,
        case when $cost = 'billed' then billed_cost else effective_cost end is null as is_untold,
        rows,
        charges,
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
      and (
        $month is null
        or billing_month in (
            cast($month as date),
            cast($month as date) - interval 1 month,
            cast($month as date) - interval 1 year
        )
      )
)
select
    part,
    nobody,
    cast(coalesce(sum(rows) filter (is_now), 0) as bigint) as rows,
    cast(coalesce(sum(rows) filter (is_before), 0) as bigint) as rows_before,
    case
        when $team is null and $by not in ('team', 'bucket')
            then cast(coalesce(sum(charges) filter (is_now), 0) as bigint)
    end as charges,
    cast(count_if(is_lacking and is_now) as bigint) as lacking,
    cast(count_if(is_lacking and is_before and is_alike) as bigint) as lacking_before,
    cast(count_if(is_lacking and is_year_before and is_alike) as bigint) as lacking_year_before,
    cast(count_if(is_untold and is_now) as bigint) as untold,
    cast(count_if(is_untold and is_before and is_alike) as bigint) as untold_before,
    cast(count_if(is_untold and is_year_before and is_alike) as bigint) as untold_year_before,
    case
        when count_if(amount is null and is_now) = 0 then sum(amount) filter (is_now)
    end as amount,
    case
        when count_if(amount is null and is_now and is_alike) = 0
            then sum(amount) filter (is_now and is_alike)
    end as alike,
    case
        when count_if(amount is null and is_before and is_alike) = 0
            then sum(amount) filter (is_before and is_alike)
    end as before,
    case
        when count_if(amount is null and is_year_before and is_alike) = 0
            then sum(amount) filter (is_year_before and is_alike)
    end as year_before
from charged
group by part, nobody
order by max(nobody) is not null, amount desc nulls last, part
