-- One row is one part of a bill (account, billing period, invoice, currency) that holds now. Where
-- bills replace, the unit that was written last holds for all of an account's billing period; where
-- they append, each holds once, under however many names it came. A bill may tell billed cost alone,
-- or effective cost alone: then the two of one account and period are views of the same charges, and
-- each amount is taken from the last unit that tells it. An estimate tells effective cost, and is the
-- view of no bill. An amount that a bill does not tell here is null.
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
        b.view,
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
        view,
        max(written_at) as written_at
    from delivered
    where delivery = 'replacement'
    group by all
),
billed as (
    select
        source,
        account,
        from_at,
        arg_max(unit, (written_at, unit)) as unit
    from units
    where view in ('whole', 'billed')
    group by all
),
effective as (
    select
        source,
        account,
        from_at,
        arg_max(unit, (written_at, unit)) as unit
    from units
    where view <> 'billed'
    group by all
),
told as (
    select
        d.*,
        d.view in ('whole', 'billed') and (d.delivery = 'append' or b.unit is not null) as tells_billed,
        d.view <> 'billed' and (d.delivery = 'append' or e.unit is not null) as tells_effective
    from delivered d
    left join billed b
      on b.source = d.source
     and b.account = d.account
     and b.from_at = d.from_at
     and b.unit = d.unit
    left join effective e
      on e.source = d.source
     and e.account = d.account
     and e.from_at = d.from_at
     and e.unit = d.unit
),
counting as (
    -- The same lines count once, under whichever of their names came first.
    select
        *,
        row_number() over (
            partition by source, load, id[length(bill) + 1:],
                case when delivery = 'replacement' then unit end
            order by written_at, name
        ) as nth
    from told
    where tells_billed
       or tells_effective
)
select
    id,
    source,
    bill,
    name,
    sha256,
    version,
    view,
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
    case when tells_billed then billed_cost end as billed_cost,
    case when tells_effective then effective_cost end as effective_cost,
    tells_billed,
    tells_effective,
    view = 'estimate' as is_estimate,
    written_at
from counting
where nth = 1
