-- One row is one part of a bill (account, billing period, invoice, currency) that was ever delivered
-- and is still known, with its file: whether it holds, was replaced and by what, or came again. A
-- bill of which no row was taken has one row without a part.
with holding as (
    select
        e.source,
        e.account,
        e.from_at,
        string_agg(distinct b.name, ', ' order by b.name) as names
    from bill_in_effect e
    join bill b
      on b.id = e.bill
    where b.delivery = 'replacement'
    group by e.source, e.account, e.from_at
),
winning as (
    select distinct
        e.source,
        e.account,
        e.from_at,
        b.unit
    from bill_in_effect e
    join bill b
      on b.id = e.bill
)
select
    b.id as bill,
    b.source,
    b.name,
    b.sha256,
    b.load,
    b.version,
    b.form,
    b.delivery,
    b.view,
    b.written_at,
    b.rows as file_rows,
    b.taken as file_taken,
    p.account,
    cast(date_trunc('month', p.from_at) as date) as billing_month,
    p.invoice,
    p.currency,
    p.rows,
    p.billed_cost,
    p.effective_cost,
    case
        when p.id is null then 'empty'
        when e.id is not null then 'holds'
        when b.delivery = 'append' or w.unit is not null then 'again'
        else 'replaced'
    end as state,
    case
        when p.id is not null and e.id is null and b.delivery = 'replacement' and w.unit is null
        then h.names
    end as replaced_by
from bill b
left join bill_part p
  on p.bill = b.id
left join bill_in_effect e
  on e.id = p.id
left join holding h
  on h.source = p.source
 and h.account = p.account
 and h.from_at = p.from_at
left join winning w
  on w.source = p.source
 and w.account = p.account
 and w.from_at = p.from_at
 and w.unit = b.unit
order by b.source, b.written_at, b.name, p.account, p.from_at, p.invoice, p.currency
