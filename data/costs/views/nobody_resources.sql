-- One row is one resource that nobody has and that has a tag with a value: of no tag, without any.
select
    coalesce(resource_name, resource) as resource,
    resource_type,
    service,
    account,
    sub_account,
    region,
    tags,
    rows,
    billed_cost,
    effective_cost,
    b.name as bill,
    r.bill_row
from charge_resource r
left join (select load, min(name) as name from bill_delivered group by load) b
  on b.load = r.load
where currency = $currency
  and ($month is null or billing_month = cast($month as date))
  and ($source is null or source = $source)
  and case
        when $tag is null then tags is null or cast(tags as varchar) in ('{}', '')
        else json_extract_string(tags, [concat('$."', $tag, '"')])[1] is not distinct from $value
      end
order by abs(effective_cost) desc, resource
limit 500
