-- One row is one change of a host that tells no place: that of the mainline commit it landed as.
select
    c.ordinal,
    min(m.position) as position
from numbered_change c
join commit m
  on m.repository = c.repository
 and m.sha = c.landed_sha
where c.position is null
  and m.is_mainline
group by c.ordinal
