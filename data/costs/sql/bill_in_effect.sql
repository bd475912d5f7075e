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
counting as (
    -- The same lines count once, under whichever of their names came first.
    select
        d.*,
        row_number() over (
            partition by d.source, d.load, d.id[length(d.bill) + 1:]
            order by d.written_at, d.name
        ) as nth
    from delivered d
    left join units u
      on u.source = d.source
     and u.account = d.account
     and u.from_at = d.from_at
     and u.unit = d.unit
    where d.delivery = 'append'
       or u.nth = 1
)
select
    id,
    source,
    bill,
    name,
    sha256,
    version,
    delivery,
    bill_rows,
    refused_rows,
    load,
    account,
    from_at,
    until_at,
    invoice,
    currency,
    rows,
    billed_cost,
    effective_cost,
    written_at
from counting
where nth = 1
