-- One row is what one file that holds says of one account, invoice and currency of a billing month.
select
    name as file,
    sha256,
    version,
    account,
    invoice,
    currency,
    rows,
    file_rows - file_taken as refused,
    billed_cost as billed
from bill_delivered
where state = 'holds'
  and date_trunc('month', billing_month) = cast($month as date)
order by currency, account, invoice nulls first, file
