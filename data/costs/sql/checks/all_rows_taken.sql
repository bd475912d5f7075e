-- One row is one bill that holds in part at least: whether rows of it were refused, so that sums
-- lack them.
select
    load,
    name || case
        when refused_rows = 0 then ': all rows are counted'
        else format(': {:,} of {:,} rows are not counted', refused_rows, bill_rows)
    end as note,
    case when refused_rows = 0 then 'holds' else 'unknown' end as state
from bill_in_effect
group by all
