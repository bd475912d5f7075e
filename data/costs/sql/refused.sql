-- One row is one value for which a row of a bill is not taken; of a bill, those of its first rows.
with refusing as (
    select
        load,
        bill_row,
        refused,
        row_number() over (
            partition by load
            order by bill_row
        ) as nth
    from refused_line
),
reasons as (
    select
        load,
        bill_row,
        unnest(refused) as reason
    from refusing
    where nth <= 1000
)
select
    b.source,
    b.name,
    b.id as bill,
    r.load,
    r.bill_row,
    r.reason."column" as "column",
    r.reason.written as written,
    r.reason.why as why
from reasons r
join bill b
  on b.load = r.load
order by b.source, b.name, r.bill_row, "column"
