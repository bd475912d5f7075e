-- One row is one part of a bill (account, billing period, invoice, currency) that holds now. Where
-- bills replace, the unit that was written last holds for all of an account's billing period; where
-- they append, each holds once, under however many names it came.
with delivered as (
    select
        p.*,
        b.load,
        b.delivery,
        b.unit,
        b.written_at,
        b.name,
        b.sha256,
        b.version,
        b.rows as bill_rows,
        b.rows - b.taken as refused_rows
    from bill_part p
    join bill b
      on b.id = p.bill
),
units as (
    select
        source,
        account,
        from_at,
        unit,
        row_number() over (
            partition by source, account, from_at
            order by max(written_at) desc, unit desc
        ) as nth
    from delivered
    where delivery = 'replacement'
    group by source, account, from_at, unit
),
once as (
    select
        *,
        row_number() over (
            partition by source, load, id[length(bill) + 1:]
            order by written_at, name
        ) as nth
    from delivered
)
select
    o.id,
    o.source,
    o.bill,
    o.name,
    o.sha256,
    o.version,
    o.delivery,
    o.bill_rows,
    o.refused_rows,
    o.load,
    o.account,
    o.from_at,
    o.until_at,
    o.invoice,
    o.currency,
    o.rows,
    o.billed_cost,
    o.effective_cost,
    o.written_at
from once o
left join units u
  on u.source = o.source
 and u.account = o.account
 and u.from_at = o.from_at
 and u.unit = o.unit
where o.nth = 1
  and (o.delivery = 'append' or u.nth = 1)
