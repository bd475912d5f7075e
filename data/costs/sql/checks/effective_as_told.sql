-- One row is one account, billing period, invoice and currency: effective cost of the bills that hold, and
-- of all who have a part of it.
select * exclude (cost)
from bill_and_parts
where cost = 'effective'
