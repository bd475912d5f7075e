-- One row is one bill that holds in part at least, or of which no row could be taken, or a file that
-- could not be read as a bill at all: whether rows of it were refused, so that sums lack them.
select
    load,
    name || case
        when refused_rows = 0 then ': all rows are counted'
        else format(': {:,} of {:,} rows are not counted', refused_rows, bill_rows)
    end as note,
    case when refused_rows = 0 then 'holds' else 'unknown' end as state
from bill_in_effect
group by all
union all
select
    load,
    format('{}: none of {:,} rows is counted', name, rows),
    'unknown'
from bill
where rows > 0
  and taken = 0
union all
select
    cast(null as varchar),
    what,
    'unknown'
from gap
where id like 'bills:%'
  and count is null
