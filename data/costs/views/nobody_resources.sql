-- One row is one resource that nobody has in a month and that has a tag with a value: of no tag, without any.
with chosen as (
    select *
    from charge_resource
    where currency = $currency
      and ($cost = 'effective' or not is_estimate)
      and ($month is null or billing_month = cast($month as date))
      and ($source is null or source = $source)
),
tagged as (
    select distinct tags
    from (select distinct tags from chosen where tags is not null), json_each(tags) as pair
    where pair.key = $tag
      and json_extract_string(pair.value, '$') is not distinct from $value
),
bills as (
    select
        load,
        min(name) as bill
    from bill_delivered
    group by load
)
select
    c.billing_month,
    coalesce(c.resource_name, c.resource) as resource,
    c.resource as resource_id,
    c.resource_type,
    c.service,
    c.account,
    c.sub_account,
    c.region,
    c.tags,
    c.rows,
    c.billed_cost,
    c.effective_cost,
    b.bill,
    c.bill_row
from chosen c
left join tagged t
  on t.tags = c.tags
left join bills b
  on b.load = c.load
where case
        when $tag is null then c.tags is null or cast(c.tags as varchar) in ('{}', '')
        else t.tags is not null
      end
order by abs(c.effective_cost) desc nulls last, resource, c.billing_month
limit 500
