-- One row is one commitment, in one billing month or (paid at once) in all: what was paid for it, what
-- its use and what was left unused come to, and whether these are one.
select
    commitment_id,
    billing_month,
    amount_in as paid,
    amount_out as spread,
    state,
    note
from cost_check_row
where "check" = 'commitments_add_up'
  and currency = $currency
  and ($month is null or billing_month is null or billing_month = cast($month as date))
order by commitment_id, billing_month
