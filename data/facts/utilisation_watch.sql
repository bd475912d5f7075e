-- One row is one service in one environment with any utilisation, and between when they are known.
select *
from operations_watch
where kind = 'utilisation'
