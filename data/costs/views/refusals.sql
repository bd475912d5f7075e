-- One row is one value for which a row of a bill is not taken.
select
    name,
    bill_row,
    "column",
    written,
    why,
    source
from refused
where ($source is null or source = $source)
order by source, name, bill_row, "column"
limit 10000
