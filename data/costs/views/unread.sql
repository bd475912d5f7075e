-- One row is one file that could not be read as a bill at all.
select
    source,
    what,
    fix
from gap
where id like 'bills:%'
  and count is null
  and ($source is null or source = $source)
order by source, what
