-- One row is what one file that holds says of one account, invoice and currency of a billing month.
select
    name as file,
    sha256,
    version,
    account,
    invoice,
    currency,
    rows,
    refused_rows as refused,
    billed_cost as billed
from bill_in_effect
where tells_billed
  and date_trunc('month', from_at) = cast($month as date)
order by currency, account, invoice nulls first, file
