select date '2024-03-01' as day, 'M001' as meter_id, date '2024-03-01' + interval 15 minute * i as ts,
  cast(12 + i % 7 as decimal(24, 9)) as kwh
from range(96) as quarters(i)
union all
select date '2024-03-01', 'M002', date '2024-03-01' + interval 15 minute * i, cast(0 as decimal(24, 9))
from range(96) as quarters(i)
