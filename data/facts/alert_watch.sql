-- One row is one service in one environment with any alert, and between when they are known.
select *
from operations_watch
where kind = 'alert'
