-- One row is one bill that holds in part at least: whether rows of it were refused, so that sums
-- lack them.
select
    b.load,
    b.name || ': '
        || case when b.rows = b.taken then 'all' else format('{:,}', b.rows - b.taken) end
        || case when b.rows = b.taken then ' rows are counted' else ' rows are not counted' end as note,
    case when b.rows = b.taken then 'holds' else 'unknown' end as state
from bill b
where b.id in (select bill from bill_in_effect)
