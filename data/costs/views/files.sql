-- One row is one file of a bill: what it is, what of it holds, and what holds instead. The amounts
-- are those of its parts in the months and currencies that are asked for.
select
    source,
    name,
    sha256,
    version,
    form,
    delivery,
    view,
    written_at,
    file_rows,
    file_taken,
    file_rows - file_taken as file_refused,
    count(account) as parts,
    count(*) filter (where state = 'holds') as parts_held,
    count(*) filter (where state = 'again') as parts_again,
    count(*) filter (where state = 'replaced') as parts_replaced,
    min(billing_month) as first_month,
    max(billing_month) as last_month,
    string_agg(distinct account, ', ' order by account) as accounts,
    string_agg(distinct replaced_by, ', ' order by replaced_by) as replaced_by
from bill_delivered
where ($month is null or billing_month = cast($month as date) or account is null)
  and ($currency is null or currency = $currency or account is null)
  and ($source is null or source = $source)
group by all
order by parts_held = 0, source, written_at desc, name
