-- One row is one thing that a check found broken, the first of each check first.
select
    c.title,
    r.currency,
    r.account,
    cast(coalesce(r.billing_month, r.month) as date) as billing_month,
    r.invoice,
    r.note,
    r.amount_in,
    r.amount_out,
    row_number() over (
        partition by c.id
        order by coalesce(r.billing_month, r.month) desc, r.account, r.note
    ) as nth
from cost_check c
left join cost_check_row r
  on r."check" = c.id
 and r.state = 'broken'
where c.state = 'broken'
order by nth, c.nth
