-- One row is one tag with one value, of what nobody has: a charge with several tags counts for each.
-- Without a tag: all that has none. Null: a bill does not tell this cost.
with chosen as (
    select
        tags,
        resource,
        rows,
        case when $cost = 'billed' then billed_cost else effective_cost end as amount
    from charge_resource
    where currency = $currency
      and ($cost = 'effective' or not is_estimate)
      and ($month is null or billing_month = cast($month as date))
      and ($source is null or source = $source)
),
alike as (
    select
        tags,
        list(distinct resource) as resources,
        sum(rows) as rows,
        count_if(amount is null) as untold,
        sum(amount) as amount
    from chosen
    group by tags
),
tagged as (
    select
        pair.key as tag,
        json_extract_string(pair.value, '$') as value,
        resources,
        rows,
        untold,
        amount
    from alike, json_each(tags) as pair
    where tags is not null
    union all
    select
        null,
        null,
        resources,
        rows,
        untold,
        amount
    from alike
    where tags is null
       or cast(tags as varchar) in ('{}', '')
)
select
    tag,
    value,
    len(list_distinct(flatten(list(resources)))) as resources,
    cast(sum(rows) as bigint) as rows,
    case when sum(untold) = 0 then sum(amount) end as amount
from tagged
group by tag, value
order by abs(sum(amount)) desc nulls last, tag, value
limit 200
